import { expect, test } from "vitest";
import { attachment } from "./content-disposition.ts";

test.each([
  { fileName: "logs.csv", header: 'attachment; filename="logs.csv"' },
  { fileName: "a b.csv", header: 'attachment; filename="a b.csv"' },
  {
    fileName: "日志 1.csv",
    header: "attachment; filename=\"__ 1.csv\"; filename*=UTF-8''%E6%97%A5%E5%BF%97%201.csv",
  },
  {
    fileName: 'a"b\\c/d%.csv',
    header: "attachment; filename=\"a_b_c_d_.csv\"; filename*=UTF-8''a%22b%5Cc%2Fd%25.csv",
  },
  { fileName: "é('*).csv", header: "attachment; filename=\"_('*).csv\"; filename*=UTF-8''%C3%A9%28%27%2A%29.csv" },
  { fileName: "a\r\nX: y", header: "attachment; filename=\"a__X: y\"; filename*=UTF-8''a%0D%0AX%3A%20y" },
  { fileName: "😀.csv", header: "attachment; filename=\"_.csv\"; filename*=UTF-8''%F0%9F%98%80.csv" },
])("the file name $fileName becomes $header", ({ fileName, header }) => {
  expect(attachment(fileName)).toBe(header);
});
