using Carillon.Killing.App.Database;

namespace Carillon.Killing.App.Proof;

/// <summary>What the proof holds the engine to, and by how much it has failed.</summary>
internal sealed class Verdict
{
    // So many are named of each kind; the number says how many there are.
    private const int Named = 5;

    private static readonly string[] Listeners =
        [OrderListeners.Plain, OrderListeners.Transactional, OrderListeners.Ordered, OrderListeners.Booked];

    private readonly List<string> _faults = [];
    private readonly ILookup<string, string> _effects;
    private Dictionary<string, int>? _firsts;

    private Verdict(Aftermath aftermath, Told told)
    {
        _effects = aftermath.Effects.ToLookup(effect => effect.Listener, effect => effect.Id);
        var promised = aftermath.Orders.Where(order => order.IsPromised).ToList();
        Committed = promised.Count;
        var ids = promised.Select(order => order.Id).ToHashSet();
        var known = aftermath.Orders.Select(order => order.Id).ToHashSet();

        var lost = Listeners.SelectMany(listener => ids.Except(_effects[listener]).Select(id => $"{listener} of '{id}'")).ToList();
        Lost = lost.Count;
        Fault("was committed and has no effect", lost);
        Fault("was told to be committed and is not there", told.Committed.Except(ids));
        Fault("was rolled back and is there", told.RolledBack.Intersect(known));
        Fault("was never committed and has an effect", aftermath.Effects.Select(effect => effect.Id).Except(known));
        Fault("has more than one effect of its transactional listener", Repeated(OrderListeners.Transactional).Select(repeated => repeated.Key));
        Fault("came after a later one of its key", promised.GroupBy(order => order.Key).SelectMany(OutOfOrder));
        Fault("is left", aftermath.Left.Select(state => $"{state.Value} {state.Key}"));
        Duplicates = Listeners.Sum(listener => Repeated(listener).Sum(repeated => repeated.Count() - 1));
        UnknownCommitted = told.Unknown.Count(known.Contains);
    }

    /// <summary>What is wrong; empty if all is as it should be.</summary>
    internal IReadOnlyList<string> Faults => _faults;

    internal int Committed { get; }

    /// <summary>Effects of committed orders that are missing.</summary>
    internal int Lost { get; }

    /// <summary>Effects beyond the first of their order and listener.</summary>
    internal int Duplicates { get; }

    /// <summary>Of those whose commit threw, so many are there.</summary>
    internal int UnknownCommitted { get; }

    internal static async Task<Verdict> OnAsync(ShopDatabase database, Told told) => new(await Aftermath.ReadAsync(database), told);

    private IEnumerable<IGrouping<string, string>> Repeated(string listener) => _effects[listener].GroupBy(id => id).Where(same => same.Count() > 1);

    // Repeats are allowed at any time; what counts is that nobody's first effect comes before that of one in front of it.
    private IEnumerable<string> OutOfOrder(IEnumerable<Aftermath.Order> ofOneKey)
    {
        var first = _firsts ??= _effects[OrderListeners.Ordered]
            .Select((id, at) => (id, at))
            .DistinctBy(effect => effect.id)
            .ToDictionary(effect => effect.id, effect => effect.at);
        var latest = -1;
        foreach (var order in ofOneKey.OrderBy(order => order.Number))
        {
            if (!first.TryGetValue(order.Id, out var at))
            {
                continue;
            }

            if (at < latest)
            {
                yield return order.Id;
            }

            latest = Math.Max(latest, at);
        }
    }

    private void Fault(string what, IEnumerable<string> which)
    {
        var all = which.ToList();
        if (all.Count > 0)
        {
            _faults.Add($"{all.Count} {what}: {string.Join("; ", all.Take(Named))}");
        }
    }
}
