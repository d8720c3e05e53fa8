using System.Xml.Linq;
using Carillon;
using Carillon.Deliveries;
using Microsoft.Extensions.DependencyInjection;
using Polls.Tests.Site;

namespace Polls.Tests.Killing;

/// <summary>What a site has left behind, read when it has ended.</summary>
internal sealed class Aftermath
{
    public required IReadOnlyList<StoredPoll> Polls { get; init; }

    /// <summary>The poll of each audited event.</summary>
    public required IReadOnlyDictionary<Guid, Guid> PollsByEvent { get; init; }

    public required IReadOnlyList<DeliverySnapshot> Deliveries { get; init; }

    public required IReadOnlySet<Guid> PollsInSitemap { get; init; }

    /// <summary>Rows without the poll they belong to, and whatever SQLite finds wrong.</summary>
    public required IReadOnlyList<string> Damage { get; init; }

    public static async Task<Aftermath> ReadAsync(TemporaryFolder folder)
    {
        using var stored = new StoredPolls(folder.Of("polls.db"));
        return new Aftermath
        {
            Polls = stored.All(),
            PollsByEvent = stored.PollsByEvent(),
            Deliveries = await ReadDeliveriesAsync(folder.Of("polls.db")),
            PollsInSitemap = ReadSitemap(folder.Of("sitemap.xml")),
            Damage = [.. stored.Damage(), .. stored.AuditedWithoutPoll().Select(poll => $"audit of {poll}"), .. stored.OptionsWithoutPoll()],
        };
    }

    /// <summary>The polls whose delivery for this listener is completed.</summary>
    public IReadOnlyList<Guid> CompletedFor(string listener) =>
    [
        .. Deliveries
            .Where(delivery => delivery.ListenerId == listener && delivery.State == DeliveryState.Completed)
            .Select(delivery => PollsByEvent[delivery.EventId]),
    ];

    private static async Task<List<DeliverySnapshot>> ReadDeliveriesAsync(string path)
    {
        await using var services = new ServiceCollection().AddCarillon(carillon => carillon.UseSqlite($"Data Source={path}")).BuildServiceProvider();
        await services.GetRequiredService<IDeliveryStore>().PrepareAsync(TestContext.Current.CancellationToken);
        var deliveries = services.GetRequiredService<IDeliveries>();
        var all = new List<DeliverySnapshot>();
        var query = new DeliveryQuery { PageSize = 1000 };
        while (await deliveries.ListAsync(query, TestContext.Current.CancellationToken) is { Count: > 0 } page)
        {
            all.AddRange(page);
            query.AfterId = page[^1].Id;
        }

        return all;
    }

    private static HashSet<Guid> ReadSitemap(string path) =>
    [
        .. XDocument.Load(path).Descendants().Where(element => element.Name.LocalName == "loc")
            .Select(location => new Uri(location.Value).Segments[^1])
            .Where(segment => segment != "/")
            .Select(Guid.Parse),
    ];
}
