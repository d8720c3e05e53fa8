using System.Data.Common;
using System.Reflection;
using Carillon.Deliveries;

namespace Carillon.Sqlite.Tests.Scheduling;

/// <summary>A store whose process dies at a certain call: from then on nothing reaches it any more.</summary>
public class DyingStore : DispatchProxy
{
    private IDeliveryStore _store = null!;
    private string? _dyingAt;
    private bool _hasBegun;
    private bool _isDead;

    internal static IDeliveryStore Around(IDeliveryStore store, string dyingAt, bool hasBegun)
    {
        var around = Create<IDeliveryStore, DyingStore>();
        var dying = (DyingStore)around;
        (dying._store, dying._dyingAt, dying._hasBegun) = (store, dyingAt, hasBegun);
        return around;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        // Calls in a transaction of a run alone: those of the start are not meant.
        var isMeant = targetMethod!.Name == _dyingAt && (args is [DbTransaction, ..] || _dyingAt == nameof(IDeliveryStore.OpenConnectionAsync));
        if (_isDead || (isMeant && !_hasBegun))
        {
            throw Dead();
        }

        var result = targetMethod.Invoke(_store, args);
        return isMeant ? throw Dead() : result;
    }

    private InvalidOperationException Dead()
    {
        _isDead = true;
        return new InvalidOperationException("The process has died.");
    }
}
