import { DataTypes, Sequelize } from "sequelize";

export default async (connection) => {
  const db = new Sequelize(connection, { logging: false, pool: { min: 5, max: 5 } });
  const define = (name, columns) =>
    db.define(name, { id: { type: DataTypes.INTEGER, primaryKey: true }, ...columns }, { tableName: name, timestamps: false });
  const text = DataTypes.TEXT;
  const number = DataTypes.INTEGER;
  const Author = define("authors", { name: text });
  const Publisher = define("publishers", { name: text });
  const Book = define("books", { author_id: number, publisher_id: number, title: text });
  const Reader = define("readers", { name: text });
  const Review = define("reviews", { book_id: number, reader_id: number, stars: number });
  const Tag = define("tags", { name: text });
  const Award = define("awards", { author_id: number, name: text });
  const Store = define("stores", { name: text });
  const Employee = define("employees", { store_id: number, name: text });
  const Country = define("countries", { name: text });
  const City = define("cities", { country_id: number, name: text });
  Author.hasMany(Book, { as: "books", foreignKey: "author_id" });
  Author.hasMany(Award, { as: "awards", foreignKey: "author_id" });
  Book.belongsTo(Publisher, { as: "publisher", foreignKey: "publisher_id" });
  Book.hasMany(Review, { as: "reviews", foreignKey: "book_id" });
  Book.belongsToMany(Tag, { as: "tags", through: "book_tags", foreignKey: "book_id", otherKey: "tag_id", timestamps: false });
  Review.belongsTo(Reader, { as: "reader", foreignKey: "reader_id" });
  const list = (M, { limit, offset }, more = {}) => M.findAll({ order: ["id"], limit, offset, ...more });
  return {
    async authorsWithBooks(page) {
      for (const author of await list(Author, page)) await author.getBooks();
    },
    async booksWithPublisher(page) {
      const books = await list(Book, page);
      await Promise.all(books.map((book) => book.getPublisher()));
    },
    async booksWithReviewCount(page) {
      for (const book of await list(Book, page)) await book.countReviews();
    },
    async booksWithTags(page) {
      for (const book of await list(Book, page)) await book.getTags();
    },
    authorsWithAwards: async (page) => list(Author, page, { include: "awards" }),
    reviewsWithReader: async (page) => list(Review, page, { include: "reader" }),
    stores: async (page) => list(Store, page),
    employeesOfStore: async ({ id }) => Employee.findAll({ where: { store_id: id } }),
    cities: async (page) => list(City, page),
    country: async ({ id }) => Country.findByPk(id),
    close: () => db.close(),
  };
};
