import { and, count, desc, eq, isNotNull, relations } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { bigint, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import pg from "pg";

const big = () => bigint({ mode: "number" });
const members = pgTable("members", { id: uuid().primaryKey(), name: text() });
const profiles = pgTable("profiles", { member_id: uuid().primaryKey(), bio: text() });
const boards = pgTable("boards", { id: big().primaryKey(), name: text() });
const threads = pgTable("threads", { id: big().primaryKey(), board_id: big(), author_id: uuid(), title: text() });
const posts = pgTable("posts", { id: big().primaryKey(), thread_id: big(), parent_id: big(), body: text() });
const likes = pgTable("likes", { member_id: uuid(), post_id: big() }, (t) => [primaryKey({ columns: [t.member_id, t.post_id] })]);
const attachments = pgTable("attachments", { id: big().primaryKey(), post_id: big(), file: text() });
const airports = pgTable("airports", { id: integer().primaryKey(), name: text() });
const flights = pgTable("flights", { id: integer().primaryKey(), airport_id: integer(), number: text() });
const customers = pgTable("customers", { id: integer().primaryKey(), name: text() });
const plans = pgTable("plans", { id: integer().primaryKey(), customer_id: integer(), name: text() });
const related = {
  ofBoards: relations(boards, ({ many }) => ({ threads: many(threads) })),
  ofThreads: relations(threads, ({ one }) => ({ board: one(boards, { fields: [threads.board_id], references: [boards.id] }) })),
  ofPosts: relations(posts, ({ many }) => ({ attachments: many(attachments) })),
  ofAttachments: relations(attachments, ({ one }) => ({ post: one(posts, { fields: [attachments.post_id], references: [posts.id] }) })),
};

export default async (connectionString) => {
  const pool = new pg.Pool({ connectionString, max: 5, min: 5 });
  const db = drizzle(pool, { schema: { members, profiles, boards, threads, posts, likes, attachments, airports, flights, customers, plans, ...related } });
  const list = (table, { limit, offset }) => db.select().from(table).orderBy(table.id).limit(limit).offset(offset);
  return {
    async threadsWithAuthor(page) {
      const all = await list(threads, page);
      await Promise.all(all.map((t) => db.query.members.findFirst({ where: eq(members.id, t.author_id) })));
    },
    async threadsWithLastPost(page) {
      for (const t of await list(threads, page)) await db.select().from(posts).where(eq(posts.thread_id, t.id)).orderBy(desc(posts.id)).limit(1);
    },
    async postsWithLikes(page) {
      for (const p of await list(posts, page)) await db.select({ n: count() }).from(likes).where(eq(likes.post_id, p.id));
    },
    async membersWithProfile(page) {
      for (const m of await list(members, page)) await db.select().from(profiles).where(eq(profiles.member_id, m.id));
    },
    async postsWithReplies(page) {
      for (const p of await list(posts, page)) await db.select().from(posts).where(and(eq(posts.parent_id, p.id), isNotNull(posts.body)));
    },
    boardsWithThreads: async ({ limit, offset }) => db.query.boards.findMany({ with: { threads: true }, limit, offset, orderBy: boards.id }),
    postsWithAttachments: async ({ limit, offset }) => db.query.posts.findMany({ with: { attachments: true }, limit, offset, orderBy: posts.id }),
    profilesWithMember: async ({ limit }) => db.select().from(profiles).innerJoin(members, eq(members.id, profiles.member_id)).orderBy(members.id).limit(limit),
    airports: async (page) => list(airports, page),
    flightsFrom: async ({ id }) => db.select().from(flights).where(eq(flights.airport_id, id)),
    plans: async (page) => list(plans, page),
    customer: async ({ id }) => db.select().from(customers).where(eq(customers.id, id)),
    close: () => pool.end(),
  };
};
