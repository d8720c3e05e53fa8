using Carillon;
using Orders.Events;

namespace Orders.Payments;

/// <summary>Asks the bank. Runs at least once; the bank knows an order that it has been asked about before.</summary>
internal sealed class PaymentJobs
{
    [OnJob]
    public async Task Charge(ChargeCard job, Bank bank, IEventDispatcher events, CancellationToken cancellationToken)
    {
        if (bank.TryCharge(job.OrderId, job.Amount))
        {
            await events.DispatchAsync(new PaymentReceived(job.OrderId), cancellationToken);
        }
        else
        {
            await events.DispatchAsync(new PaymentDeclined(job.OrderId, $"the bank has declined {job.Amount}"), cancellationToken);
        }
    }
}
