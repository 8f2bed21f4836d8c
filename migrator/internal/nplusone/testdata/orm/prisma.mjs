import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@prisma/client";

export default async (connectionString) => {
  const db = new PrismaClient({ adapter: new PrismaPg({ connectionString, max: 5 }) });
  const list = (model, { limit, offset }, more = {}) => db[model].findMany({ orderBy: { id: "asc" }, take: limit, skip: offset, ...more });
  return {
    async authorsWithBooks(page) {
      for (const author of await list("authors", page)) await db.books.findMany({ where: { author_id: author.id } });
    },
    async booksWithPublisher(page) {
      for (const book of await list("books", page)) await db.publishers.findUnique({ where: { id: book.publisher_id } });
    },
    async booksWithReviewCount(page) {
      const books = await list("books", page);
      await Promise.all(books.map((book) => db.reviews.count({ where: { book_id: book.id } })));
    },
    async booksWithTags(page) {
      for (const book of await list("books", page)) await db.tags.findMany({ where: { books: { some: { book_id: book.id } } } });
    },
    authorsWithAwards: async (page) => list("authors", page, { include: { awards: true } }),
    reviewsWithReader: async (page) => list("reviews", page, { include: { reader: true } }),
    stores: async (page) => list("stores", page),
    employeesOfStore: async ({ id }) => db.employees.findMany({ where: { store_id: id } }),
    cities: async (page) => list("cities", page),
    country: async ({ id }) => db.countries.findUnique({ where: { id } }),
    close: () => db.$disconnect(),
  };
};
