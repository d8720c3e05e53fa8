using Carillon.Testing.Internal;

namespace Carillon.Testing;

/// <summary>Lets the host under test crash between two steps of the engine, so that a test can prove that its listeners bear it.</summary>
/// <remarks>
/// <para>
/// Add it with <see cref="TestingCarillonBuilderExtensions.UseCrashPoints"/> and take it from the services. A host that has crashed writes nothing any more and calls no durable listener: whoever tries gets a
/// <see cref="HostCrashedException"/>. What it has committed is in the store, as after <c>kill -9</c>, and can be looked at.
/// </para>
/// <para>
/// With <see cref="TestingCarillonBuilderExtensions.RunDeliveriesByHand"/> nothing is in memory that a crash would take, so the same host can go on as the process that comes after: <see cref="Restart"/>, or
/// <see cref="CrashDrain.DrainThroughCrashesAsync"/>. Where the worker runs, start a second host on the same database instead.
/// </para>
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class CrashPoints
{
    private readonly Lock _gate = new();
    private readonly Func<bool> _isByHand;

    // Under the gate.
    private readonly Dictionary<CrashPoint, (string? ListenerId, int Left)> _armed = [];
    private readonly SortedSet<string> _passed = new(StringComparer.Ordinal);
    private CrashPoint? _crashed;

    internal CrashPoints(Func<bool> isByHand) => _isByHand = isByHand;

    /// <summary>All points, in the order in which a delivery passes them.</summary>
    public static IReadOnlyList<CrashPoint> All { get; } = Enum.GetValues<CrashPoint>();

    /// <summary>Where the host has crashed; null while it lives.</summary>
    public CrashPoint? CrashedAt
    {
        get
        {
            lock (_gate)
            {
                return _crashed;
            }
        }
    }

    /// <summary>Has the host crash when it comes by, once. Several points may be named ahead, to crash again after a restart.</summary>
    /// <param name="point">Where.</param>
    /// <param name="listenerId">With a delivery of which listener; null for any. Before a lease nobody knows whose it will be: there any counts.</param>
    /// <param name="pass">Which time it comes by from now on, counted from 1.</param>
    public void CrashAt(CrashPoint point, string? listenerId = null, int pass = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pass, 1);
        lock (_gate)
        {
            _armed[point] = (point == CrashPoint.BeforeLease ? null : listenerId, pass);
        }
    }

    /// <summary>Goes on as the process that comes after the crash. What the one before had leased is free when its lease ends: move the clock.</summary>
    /// <exception cref="InvalidOperationException">The worker runs: it still has in memory what the crash would have taken.</exception>
    public void Restart()
    {
        if (!_isByHand())
        {
            throw new InvalidOperationException(
                "A host whose worker runs has in memory what a crash would have taken. Call RunDeliveriesByHand() in its AddCarillon, or start a second host on the same database.");
        }

        lock (_gate)
        {
            _crashed = null;
        }
    }

    /// <summary>Refuses what a dead process cannot do.</summary>
    internal void Live()
    {
        if (CrashedAt is { } point)
        {
            throw new HostCrashedException(point);
        }
    }

    /// <summary>Refuses to have proved something with a crash that did not come.</summary>
    internal void NeedNoneLeft()
    {
        lock (_gate)
        {
            if (_armed.Count > 0)
            {
                throw new InvalidOperationException(
                    $"{string.Join(' ', _armed.Select(static armed => Absent(armed.Key, armed.Value.ListenerId, armed.Value.Left)))} Nothing is left to run, so a test that goes on has proved nothing. "
                    + (_passed.Count == 0 ? "No delivery came by." : $"Deliveries came by of {string.Join(", ", _passed.Select(static id => $"'{id}'"))}."));
            }
        }
    }

    private static string Absent(CrashPoint point, string? listenerId, int left) =>
        $"No crash came at {point}{(listenerId is null ? "" : $" with a delivery of '{listenerId}'")}{(left == 1 ? "" : $", which was to be passed {left} times more")}.";

    /// <summary>Comes by with deliveries to these listeners; the code that would die there does.</summary>
    internal void Pass(CrashPoint point, IEnumerable<string> listenerIds)
    {
        if (PassSilently(point, listenerIds))
        {
            throw new HostCrashedException(point);
        }
    }

    /// <summary>Comes by where the code around cannot be ended, because what it does next is not the process's own doing.</summary>
    /// <returns>Whether the host has crashed here.</returns>
    internal bool PassSilently(CrashPoint point, IEnumerable<string> listenerIds)
    {
        lock (_gate)
        {
            _passed.UnionWith(listenerIds);
            if (!_armed.TryGetValue(point, out var armed) || (armed.ListenerId is not null && !listenerIds.Contains(armed.ListenerId)))
            {
                return false;
            }

            if (armed.Left > 1)
            {
                _armed[point] = (armed.ListenerId, armed.Left - 1);
                return false;
            }

            _armed.Remove(point);
            _crashed = point;
            return true;
        }
    }
}
