using Carillon.Dispatch.Internal;
using Carillon.Transactions.Internal;

namespace Carillon.Deliveries.Internal;

/// <summary>Puts single deliveries where those of a dispatch in the same scope would go: into the open unit of work, or straight to the store.</summary>
internal sealed class ScopeDeliveries(DirectDeliveries direct)
{
    /// <param name="dispatcher">The dispatcher of the scope.</param>
    /// <param name="make">Makes the delivery, in the span that it belongs to.</param>
    /// <param name="options">What was said of it; null if nothing was.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async ValueTask<NewDelivery> AddAsync(
        EventDispatcher dispatcher, Func<NewDelivery> make, DeliveryOptions? options, CancellationToken cancellationToken)
    {
        var sink = Find(dispatcher, options);
        var span = DeliverySpans.Start(isCommitted: sink == direct);
        try
        {
            var delivery = make();
            DeliverySpans.Describe(span, isCommitted: sink == direct, [delivery]);
            await sink.AddAsync([delivery], options?.Receipts, cancellationToken).ConfigureAwait(false);
            return delivery;
        }
        catch (Exception exception)
        {
            span.Fail(exception);
            throw;
        }
        finally
        {
            span.End();
        }
    }

    /// <summary>One that comes again for ever, and belongs to no trace.</summary>
    internal ValueTask AddUntracedAsync(EventDispatcher dispatcher, NewDelivery delivery, CancellationToken cancellationToken) =>
        Find(dispatcher, options: null).AddAsync([delivery], receipts: null, cancellationToken);

    private IDeliverySink Find(EventDispatcher dispatcher, DeliveryOptions? options) =>
        (IDeliverySink?)dispatcher.FindWork(options) ?? dispatcher.FindOutbox(options) ?? direct;
}
