import { expect, test } from "vitest";
import { dataPlace } from "./data-place.ts";

test.each([
  { url: "file:/var/lib/jifen/jifen.db", place: "/var/lib/jifen/jifen.db" },
  { url: "postgresql://ann:hunter2@db.example.com:5432/jifen?sslmode=disable", place: "db.example.com:5432/jifen" },
  { url: "mysql://ann:p%40ss@db.example.com/jifen", place: "db.example.com/jifen" },
  {
    url: "mongodb://ann:hunter2@a.example.com,b.example.com/jifen?replicaSet=rs0",
    place: "a.example.com,b.example.com/jifen",
  },
  { url: "postgresql://db.example.com/jifen?user=ann&password=hunter2", place: "db.example.com/jifen" },
])("the place of the data of a database URL has no user and no password: $place", ({ url, place }) => {
  expect(dataPlace(url)).toBe(place);
});
