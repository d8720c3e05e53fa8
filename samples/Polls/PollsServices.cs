using Polls.Creating;
using Polls.ExternalApi;
using Polls.Reading;
using Polls.Sitemap;
using Polls.Storage;
using Polls.Voting;

namespace Polls;

/// <summary>What the site is made of, without its events.</summary>
internal static class PollsServices
{
    public static void AddPolls(this IServiceCollection services, PollsOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<SiteAddress>();

        // One connection a scope: whatever a request does, its inline listeners included, is in the same transaction.
        services.AddSingleton<Database>();
        services.AddScoped(provider => provider.GetRequiredService<Database>().Open());

        services.AddSingleton<IBadWordsFilter, WordListFilter>();
        services.AddScoped<PollCreation>();
        services.AddScoped<VoteCasting>();
        services.AddScoped<PollQueries>();

        services.AddSingleton<SitemapFile>();
        services.AddSingleton<PretendApi>();
        services.AddHttpClient<ExternalApiClient>(client => client.Timeout = TimeSpan.FromSeconds(10));
    }
}
