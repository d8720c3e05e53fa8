namespace Polls.Sitemap;

internal static class SitemapEndpoint
{
    public static void MapSitemap(this IEndpointRouteBuilder routes) =>
        routes.MapGet(
            "/sitemap.xml",
            static (SitemapFile sitemap) => File.Exists(sitemap.Path)
                ? Results.File(sitemap.Path, "application/xml")
                : Results.Text("There is no sitemap yet: it is written when the first poll has been created.", statusCode: StatusCodes.Status404NotFound));
}
