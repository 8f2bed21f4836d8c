import knex from "knex";
import { Model } from "objection";

export default async (connection) => {
  const db = knex({ client: "pg", connection, pool: { min: 5, max: 5 } });
  const model = (tableName, relationMappings = () => ({})) => {
    const M = class extends Model {};
    Object.assign(M, { tableName, relationMappings });
    M.knex(db);
    return M;
  };
  const to = (relation, modelClass, from, into, through) => ({ relation, modelClass, join: { from, to: into, ...(through && { through }) } });
  const { HasManyRelation, BelongsToOneRelation, ManyToManyRelation } = Model;
  const Publisher = model("publishers");
  const Review = model("reviews", () => ({ reader: to(BelongsToOneRelation, Reader, "reviews.reader_id", "readers.id") }));
  const Reader = model("readers");
  const Tag = model("tags");
  const Book = model("books", () => ({
    publisher: to(BelongsToOneRelation, Publisher, "books.publisher_id", "publishers.id"),
    reviews: to(HasManyRelation, Review, "books.id", "reviews.book_id"),
    tags: to(ManyToManyRelation, Tag, "books.id", "tags.id", { from: "book_tags.book_id", to: "book_tags.tag_id" }),
  }));
  const Award = model("awards");
  const Author = model("authors", () => ({
    books: to(HasManyRelation, Book, "authors.id", "books.author_id"),
    awards: to(HasManyRelation, Award, "authors.id", "awards.author_id"),
  }));
  const [Store, Employee, City, Country] = ["stores", "employees", "cities", "countries"].map((t) => model(t));
  const list = (M, { limit, offset }) => M.query().orderBy("id").limit(limit).offset(offset);
  return {
    async authorsWithBooks(page) {
      for (const author of await list(Author, page)) await author.$relatedQuery("books");
    },
    async booksWithPublisher(page) {
      const books = await list(Book, page);
      await Promise.all(books.map((book) => book.$fetchGraph("publisher")));
    },
    async booksWithReviewCount(page) {
      for (const book of await list(Book, page)) await book.$relatedQuery("reviews").resultSize();
    },
    async booksWithTags(page) {
      for (const book of await list(Book, page)) await book.$relatedQuery("tags");
    },
    authorsWithAwards: async (page) => list(Author, page).withGraphFetched("awards"),
    reviewsWithReader: async (page) => list(Review, page).withGraphFetched("reader"),
    stores: async (page) => list(Store, page),
    employeesOfStore: async ({ id }) => Employee.query().where("store_id", id),
    cities: async (page) => list(City, page),
    country: async ({ id }) => Country.query().findById(id),
    close: () => db.destroy(),
  };
};
