declare module "virtual:questions" {
  const chapters: import("./questions.ts").Chapter[];
  export default chapters;
}
