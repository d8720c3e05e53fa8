using System.Data.Common;
using Carillon.Deliveries;
using Carillon.Inbox;

namespace Carillon.Testing.Internal;

/// <summary>One with an inbox, which is known by its interface.</summary>
internal abstract class CrashingInboxStore(IDeliveryStore store, IInboxStore inbox, CrashPoints crashes) : CrashingStore(store, crashes), IInboxStore
{
    public ValueTask<bool> TryRecordAsync(
        DbTransaction? transaction, string consumer, string messageId, DateTimeOffset now, DateTimeOffset keepUntil, CancellationToken cancellationToken)
    {
        Living();
        return inbox.TryRecordAsync(transaction, consumer, messageId, now, keepUntil, cancellationToken);
    }

    public ValueTask<bool> IsRecordedAsync(string consumer, string messageId, DateTimeOffset now, CancellationToken cancellationToken) =>
        inbox.IsRecordedAsync(consumer, messageId, now, cancellationToken);

    public ValueTask ForgetAsync(string consumer, string messageId, CancellationToken cancellationToken)
    {
        Living();
        return inbox.ForgetAsync(consumer, messageId, cancellationToken);
    }
}
