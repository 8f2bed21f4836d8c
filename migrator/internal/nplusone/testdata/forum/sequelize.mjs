import { DataTypes, Sequelize } from "sequelize";

export default async (connection) => {
  const db = new Sequelize(connection, { logging: false, pool: { min: 5, max: 5 } });
  const { TEXT, UUID, BIGINT, INTEGER } = DataTypes;
  const define = (name, columns) => db.define(name, columns, { tableName: name, timestamps: false });
  const Member = define("members", { id: { type: UUID, primaryKey: true }, name: TEXT });
  const Profile = define("profiles", { member_id: { type: UUID, primaryKey: true }, bio: TEXT });
  const Board = define("boards", { id: { type: BIGINT, primaryKey: true }, name: TEXT });
  const Thread = define("threads", { id: { type: BIGINT, primaryKey: true }, board_id: BIGINT, author_id: UUID, title: TEXT });
  const Post = define("posts", { id: { type: BIGINT, primaryKey: true }, thread_id: BIGINT, parent_id: BIGINT, body: TEXT });
  const Like = define("likes", { member_id: { type: UUID, primaryKey: true }, post_id: { type: BIGINT, primaryKey: true } });
  const Attachment = define("attachments", { id: { type: BIGINT, primaryKey: true }, post_id: BIGINT, file: TEXT });
  const Airport = define("airports", { id: { type: INTEGER, primaryKey: true }, name: TEXT });
  const Flight = define("flights", { id: { type: INTEGER, primaryKey: true }, airport_id: INTEGER, number: TEXT });
  const Customer = define("customers", { id: { type: INTEGER, primaryKey: true }, name: TEXT });
  const Plan = define("plans", { id: { type: INTEGER, primaryKey: true }, customer_id: INTEGER, name: TEXT });
  Thread.belongsTo(Member, { as: "author", foreignKey: "author_id" });
  Thread.hasMany(Post, { as: "posts", foreignKey: "thread_id" });
  Post.hasMany(Post, { as: "replies", foreignKey: "parent_id" });
  Post.hasMany(Attachment, { as: "attachments", foreignKey: "post_id" });
  Post.hasMany(Like, { as: "likes", foreignKey: "post_id" });
  Member.hasOne(Profile, { as: "profile", foreignKey: "member_id" });
  Profile.belongsTo(Member, { as: "member", foreignKey: "member_id" });
  Board.hasMany(Thread, { as: "threads", foreignKey: "board_id" });
  const list = (M, { limit, offset }, more = {}) => M.findAll({ order: ["id"], limit, offset, ...more });
  return {
    async threadsWithAuthor(page) {
      await Promise.all((await list(Thread, page)).map((t) => t.getAuthor()));
    },
    async threadsWithLastPost(page) {
      for (const t of await list(Thread, page)) await t.getPosts({ order: [["id", "DESC"]], limit: 1 });
    },
    async postsWithLikes(page) {
      for (const p of await list(Post, page)) await p.countLikes();
    },
    async membersWithProfile(page) {
      for (const m of await list(Member, page)) await m.getProfile();
    },
    async postsWithReplies(page) {
      for (const p of await list(Post, page)) await p.getReplies();
    },
    boardsWithThreads: async (page) => list(Board, page, { include: [{ association: "threads", separate: true }] }),
    postsWithAttachments: async (page) => list(Post, page, { include: "attachments" }),
    profilesWithMember: async ({ limit }) => Profile.findAll({ include: "member", limit }),
    airports: async (page) => list(Airport, page),
    flightsFrom: async ({ id }) => Flight.findAll({ where: { airport_id: id } }),
    plans: async (page) => list(Plan, page),
    customer: async ({ id }) => Customer.findByPk(id),
    close: () => db.close(),
  };
};
