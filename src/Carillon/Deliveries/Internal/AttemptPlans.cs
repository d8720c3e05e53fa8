using System.Collections.Frozen;
using Carillon.Inbox;
using Carillon.Listeners.Internal;
using Carillon.Retries;
using Microsoft.Extensions.Options;

namespace Carillon.Deliveries.Internal;

/// <summary>The plans of all durable listeners, which do not change while the application runs.</summary>
internal sealed class AttemptPlans
{
    private readonly FrozenDictionary<string, AttemptPlan> _byId;

    public AttemptPlans(ListenerRegistry listeners, IOptions<RetryOptions> retries, IOptions<InboxOptions> inbox, JitterSource jitter)
    {
        var plans = new Dictionary<string, AttemptPlan>(StringComparer.Ordinal);
        foreach (var listener in listeners.Durable)
        {
            // Start-up refuses two listeners with one id; until it has spoken, the first one stands.
            plans.TryAdd(listener.Id, new AttemptPlan(
                listener,
                new RetryPolicy(retries.Value, listener.Id, listener.MaxAttempts, jitter.Next),
                listener.Timeout ?? retries.Value.Timeout,
                listener.Transactional ? null : listener.Remember ?? inbox.Value.Remember));
        }

        _byId = plans.ToFrozenDictionary(StringComparer.Ordinal);
    }

    internal AttemptPlan? Find(string listenerId) => _byId.GetValueOrDefault(listenerId);
}
