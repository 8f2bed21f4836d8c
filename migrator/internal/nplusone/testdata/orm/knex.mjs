import knex from "knex";

export default async (connection) => {
  const db = knex({ client: "pg", connection, pool: { min: 5, max: 5 } });
  const list = (table, { limit, offset }) => db(table).orderBy("id").limit(limit).offset(offset);
  return {
    async authorsWithBooks(page) {
      const authors = await list("authors", page);
      for (const author of authors) author.books = await db("books").where({ author_id: author.id });
    },
    async booksWithPublisher(page) {
      const books = await list("books", page);
      await Promise.all(books.map(async (book) => (book.publisher = await db("publishers").where("id", book.publisher_id).first())));
    },
    async booksWithReviewCount(page) {
      const books = await list("books", page);
      for (const book of books) book.reviews = await db("reviews").where("book_id", book.id).count("* as n").first();
    },
    async booksWithTags(page) {
      const books = await list("books", page);
      for (const book of books) book.tags = await db("tags").join("book_tags", "tags.id", "book_tags.tag_id").where("book_tags.book_id", book.id).select("tags.*");
    },
    async authorsWithAwards(page) {
      const authors = await list("authors", page);
      await db("awards").whereIn("author_id", authors.map((a) => a.id));
    },
    async reviewsWithReader(page) {
      await db("reviews").join("readers", "readers.id", "reviews.reader_id").orderBy("reviews.id").limit(page.limit).select("reviews.*", "readers.name");
    },
    stores: async (page) => list("stores", page),
    employeesOfStore: async ({ id }) => db("employees").where({ store_id: id }),
    cities: async (page) => list("cities", page),
    country: async ({ id }) => db("countries").where({ id }).first(),
    close: () => db.destroy(),
  };
};
