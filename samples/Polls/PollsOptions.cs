namespace Polls;

/// <summary>What can be set for the site: section <c>Polls</c> of the configuration.</summary>
internal sealed class PollsOptions
{
    /// <summary>The SQLite file of the polls, and of the deliveries. A relative path starts at the content root.</summary>
    public string Database { get; set; } = "App_Data/polls.db";

    /// <summary>The file that the sitemap is written to. A relative path starts at the content root.</summary>
    public string SitemapPath { get; set; } = "App_Data/sitemap.xml";

    /// <summary>Where new polls are announced. Empty, the default, means the pretend API of this site.</summary>
    public Uri? ExternalApi { get; set; }

    /// <summary>
    /// The RabbitMQ broker over which other applications hear of polls and votes, as an AMQP address. Empty, the default, means that they do not. In production it has a
    /// password, and so comes from the environment (<c>Polls__Broker</c>) or a secret store.
    /// </summary>
    public string? Broker { get; set; }

    /// <summary>The address under which others reach this site. Empty, the default, means the address that it listens on.</summary>
    public Uri? PublicAddress { get; set; }

    /// <summary>How long a delivery waits whose process was killed, in seconds. Defaults to 30.</summary>
    public double LeaseSeconds { get; set; } = 30;

    /// <summary>How often a durable listener is tried before its delivery is kept as failed. Defaults to 5: about 15 seconds of trying.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>How long completed deliveries stay on the page of the events. Defaults to one hour.</summary>
    public TimeSpan KeepCompleted { get; set; } = TimeSpan.FromHours(1);

    public static PollsOptions Read(IConfiguration configuration, string contentRoot)
    {
        var options = configuration.GetSection("Polls").Get<PollsOptions>() ?? new PollsOptions();
        options.Database = Path.GetFullPath(options.Database, contentRoot);
        options.SitemapPath = Path.GetFullPath(options.SitemapPath, contentRoot);
        return options;
    }
}
