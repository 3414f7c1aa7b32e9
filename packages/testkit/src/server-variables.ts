/** The environment variables with the address of the server of each kind, and with another address for a second process. */
export const serverVariables = {
  postgresql: { url: "TEST_POSTGRES_URL", secondUrl: "TEST_POSTGRES_SECOND_URL" },
  mysql: { url: "TEST_MYSQL_URL", secondUrl: "TEST_MYSQL_SECOND_URL" },
  mongodb: { url: "TEST_MONGODB_URL", secondUrl: "TEST_MONGODB_SECOND_URL" },
} as const;
