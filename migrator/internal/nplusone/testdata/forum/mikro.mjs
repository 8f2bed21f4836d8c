import { EntitySchema, MikroORM } from "@mikro-orm/postgresql";

const id = { type: "bigint", primary: true };
const text = { type: "text" };
const to = (entity, fieldName, more = {}) => ({ kind: "m:1", entity: () => entity, fieldName, ...more });
const Member = new EntitySchema({ name: "Member", tableName: "members", properties: { id: { type: "uuid", primary: true }, name: text } });
const Profile = new EntitySchema({ name: "Profile", tableName: "profiles", properties: { member: { kind: "1:1", entity: () => "Member", fieldName: "member_id", primary: true, owner: true }, bio: text } });
const Board = new EntitySchema({ name: "Board", tableName: "boards", properties: { id, name: text, threads: { kind: "1:m", entity: () => "Thread", mappedBy: "board" } } });
const Thread = new EntitySchema({ name: "Thread", tableName: "threads", properties: { id, title: text, board: to("Board", "board_id"), author: to("Member", "author_id") } });
const Post = new EntitySchema({
  name: "Post", tableName: "posts",
  properties: { id, body: text, thread: to("Thread", "thread_id"), parent: to("Post", "parent_id", { nullable: true }), replies: { kind: "1:m", entity: () => "Post", mappedBy: "parent" }, attachments: { kind: "1:m", entity: () => "Attachment", mappedBy: "post" } },
});
const Like = new EntitySchema({ name: "Like", tableName: "likes", properties: { member: to("Member", "member_id", { primary: true }), post: to("Post", "post_id", { primary: true }) } });
const Attachment = new EntitySchema({ name: "Attachment", tableName: "attachments", properties: { id, file: text, post: to("Post", "post_id") } });
const small = { type: "integer", primary: true };
const Airport = new EntitySchema({ name: "Airport", tableName: "airports", properties: { id: small, name: text } });
const Flight = new EntitySchema({ name: "Flight", tableName: "flights", properties: { id: small, number: text, airport: to("Airport", "airport_id") } });
const Customer = new EntitySchema({ name: "Customer", tableName: "customers", properties: { id: small, name: text } });
const Plan = new EntitySchema({ name: "Plan", tableName: "plans", properties: { id: small, name: text, customer: to("Customer", "customer_id") } });

export default async (clientUrl) => {
  const orm = await MikroORM.init({ clientUrl, entities: [Member, Profile, Board, Thread, Post, Like, Attachment, Airport, Flight, Customer, Plan], pool: { min: 5, max: 5 } });
  const list = (em, name, { limit, offset }, more = {}) => em.find(name, {}, { limit, offset, orderBy: { id: "asc" }, ...more });
  const em = () => orm.em.fork();
  return {
    async threadsWithAuthor(page) {
      const e = em();
      for (const t of await list(e, "Thread", page)) await e.refresh(t.author);
    },
    async threadsWithLastPost(page) {
      const e = em();
      for (const t of await list(e, "Thread", page)) await e.findOne("Post", { thread: t }, { orderBy: { id: "desc" } });
    },
    async postsWithLikes(page) {
      const e = em();
      for (const p of await list(e, "Post", page)) await e.count("Like", { post: p });
    },
    async membersWithProfile(page) {
      const e = em();
      for (const m of await list(e, "Member", page)) await e.findOne("Profile", { member: m });
    },
    async postsWithReplies(page) {
      const e = em();
      for (const p of await list(e, "Post", page)) await p.replies.init();
    },
    boardsWithThreads: async (page) => list(em(), "Board", page, { populate: ["threads"] }),
    postsWithAttachments: async (page) => list(em(), "Post", page, { populate: ["attachments"], strategy: "select-in" }),
    profilesWithMember: async ({ limit }) => em().find("Profile", {}, { populate: ["member"], limit, strategy: "joined" }),
    airports: async (page) => list(em(), "Airport", page),
    flightsFrom: async ({ id }) => em().find("Flight", { airport: id }),
    plans: async (page) => list(em(), "Plan", page),
    customer: async ({ id }) => em().findOne("Customer", id),
    close: () => orm.close(),
  };
};
