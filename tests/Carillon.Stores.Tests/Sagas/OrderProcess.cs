using Carillon.Sagas;

namespace Carillon.Stores.Tests.Sagas;

[Saga("order")]
[CorrelatedBy(nameof(OrderPlaced.OrderId))]
internal sealed class OrderProcess(Journal journal, IEventDispatcher events) : Saga<OrderState>
{
    [StartedBy]
    public async Task Reserve(OrderPlaced e, CancellationToken cancellationToken)
    {
        journal.Add($"reserve {e.Sku}");
        State.Sku = e.Sku;
        TimeOut(new PaymentOverdue(Key), TimeSpan.FromHours(1));
        await events.DispatchAsync(new StockReserved(Key), cancellationToken);
    }

    [Compensates(nameof(Reserve))]
    public void Release(Compensation compensation) => journal.Add($"release {State.Sku}: {compensation.Reason}");

    [OnEvent]
    public void Charge(StockReserved e) => journal.Add($"charge {e.OrderId}");

    [Compensates(nameof(Charge))]
    public void Refund(Compensation compensation, EventContext context)
    {
        journal.Add($"refund {compensation.Key}");
        if (context.Attempt <= journal.FailuresOfRefund)
        {
            throw new InvalidOperationException("the bank is closed");
        }
    }

    [OnEvent]
    [CorrelatedBy(nameof(PaymentReceived.Order))]
    public void Ship(PaymentReceived e)
    {
        journal.Add($"ship {e.Order}");
        Complete();
    }

    [OnEvent]
    public void Decline(PaymentDeclined e) => Compensate("declined");

    [OnEvent]
    public void Overdue(PaymentOverdue e, EventContext context)
    {
        if (context.Attempt <= journal.FailuresOfOverdue)
        {
            throw new InvalidOperationException("the bank is closed");
        }

        Compensate("overdue");
    }

    [OnEvent]
    public void Remind(CustomerReminded e) => journal.Add("remind");

    [OnEvent]
    public async Task Touch(OrderTouched e, EventContext context, CancellationToken cancellationToken)
    {
        State.Touched++;
        await events.DispatchAsync(new CustomerReminded(Key), cancellationToken);
        switch (e.Mode)
        {
            case "throw" when context.Attempt == 1:
                throw new InvalidOperationException("not yet");
            case "snooze":
                context.Snooze(TimeSpan.FromDays(1));
                break;
            case "later":
                TimeOut(new PaymentOverdue(Key), TimeSpan.FromHours(5));
                break;
            case "never":
                CancelTimeOut<PaymentOverdue>();
                break;
        }
    }
}
