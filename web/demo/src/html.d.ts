/** The markup of a panel, which the build puts into the script. */
declare module "*.html" {
  const markup: string;
  export default markup;
}
