import { DataSource, EntitySchema } from "typeorm";

export default async (url) => {
  const entity = (name, columns, relations = {}) =>
    new EntitySchema({
      name,
      columns: Object.fromEntries([["id", { type: "int", primary: true }], ...Object.entries(columns).map(([c, type]) => [c, { type }])]),
      relations,
    });
  const one = (target, column, inverse) => ({ type: "many-to-one", target, joinColumn: { name: column }, inverseSide: inverse, lazy: true });
  const many = (target, inverse) => ({ type: "one-to-many", target, inverseSide: inverse, lazy: true });
  const db = new DataSource({
    type: "postgres", url, poolSize: 5,
    entities: [
      entity("authors", { name: "text" }, { books: many("books", "author"), awards: many("awards", "author") }),
      entity("publishers", { name: "text" }),
      entity("books", { title: "text" }, {
        author: one("authors", "author_id", "books"), publisher: one("publishers", "publisher_id"), reviews: many("reviews", "book"),
        tags: { type: "many-to-many", target: "tags", lazy: true, joinTable: { name: "book_tags", joinColumn: { name: "book_id" }, inverseJoinColumn: { name: "tag_id" } } },
      }),
      entity("readers", { name: "text" }),
      entity("reviews", { stars: "int", book_id: "int" }, { book: one("books", "book_id", "reviews"), reader: one("readers", "reader_id") }),
      entity("tags", { name: "text" }),
      entity("awards", { name: "text" }, { author: one("authors", "author_id", "awards") }),
      entity("stores", { name: "text" }),
      entity("employees", { name: "text", store_id: "int" }),
      entity("countries", { name: "text" }),
      entity("cities", { name: "text", country_id: "int" }),
    ],
  });
  await db.initialize();
  const list = (name, { limit, offset }, more = {}) => db.getRepository(name).find({ order: { id: "ASC" }, take: limit, skip: offset, ...more });
  return {
    async authorsWithBooks(page) {
      for (const author of await list("authors", page)) await author.books;
    },
    async booksWithPublisher(page) {
      const books = await list("books", page);
      await Promise.all(books.map((book) => book.publisher));
    },
    async booksWithReviewCount(page) {
      for (const book of await list("books", page)) await db.getRepository("reviews").countBy({ book_id: book.id });
    },
    async booksWithTags(page) {
      for (const book of await list("books", page)) await book.tags;
    },
    authorsWithAwards: async (page) => list("authors", page, { relations: { awards: true } }),
    reviewsWithReader: async (page) => list("reviews", page, { relations: { reader: true } }),
    stores: async (page) => list("stores", page),
    employeesOfStore: async ({ id }) => db.getRepository("employees").findBy({ store_id: id }),
    cities: async (page) => list("cities", page),
    country: async ({ id }) => db.getRepository("countries").findOneBy({ id }),
    close: () => db.destroy(),
  };
};
