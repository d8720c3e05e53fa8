namespace Polls;

internal static class ContentSecurityPolicy
{
    /// <summary>Nothing but our own files: a script that got into a page in spite of the encoding would not run.</summary>
    public static void UseContentSecurityPolicy(this IApplicationBuilder app) =>
        app.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        });
}
