using System.Data.Common;
using Carillon;
using Carillon.Jobs;
using Carillon.Sagas;
using Microsoft.Data.Sqlite;
using Orders.Events;
using Orders.Payments;
using Orders.Storage;

namespace Orders.Fulfilling;

/// <summary>Reserve, charge, ship; and if one of them cannot be, pay back and put back what was done before it.</summary>
/// <remarks>
/// Each method is a listener. What it writes to the shop's tables, what it dispatches and pushes, the state of the process and the completion of its event are one transaction: whenever the
/// process is killed, all of it has happened or nothing.
/// </remarks>
[Saga("order")]
[CorrelatedBy(nameof(OrderPlaced.OrderId))]
internal sealed class OrderProcess(IEventDispatcher events, IJobs jobs) : Saga<OrderState>
{
    [StartedBy]
    public async Task Reserve(OrderPlaced e, DbTransaction transaction, CancellationToken cancellationToken)
    {
        (State.Sku, State.Amount) = (e.Sku, e.Amount);
        if (!await Stock.TryReserveAsync((SqliteTransaction)transaction, e.Sku, cancellationToken))
        {
            Compensate($"there is no {e.Sku} left");
            return;
        }

        await events.DispatchAsync(new StockReserved(e.OrderId), cancellationToken);
    }

    [Compensates(nameof(Reserve))]
    public Task Release(Compensation compensation, DbTransaction transaction, CancellationToken cancellationToken) =>
        Stock.ReleaseAsync((SqliteTransaction)transaction, State.Sku, cancellationToken);

    /// <summary>The bank is another system, so that it is asked by a job: it may take its time, and fail and be tried again by itself.</summary>
    [OnEvent]
    public async Task Charge(StockReserved e, CancellationToken cancellationToken)
    {
        await jobs.PushAsync(new ChargeCard(e.OrderId, State.Amount), cancellationToken: cancellationToken);
        TimeOut(new PaymentDelayed(e.OrderId), after: TimeSpan.FromHours(1));
    }

    /// <summary>Also called when the bank has taken nothing: then there is nothing to pay back.</summary>
    [Compensates(nameof(Charge))]
    public void Refund(Compensation compensation, Bank bank) => bank.PayBack(Key);

    [OnEvent]
    public async Task Ship(PaymentReceived e, DbTransaction transaction, CancellationToken cancellationToken)
    {
        CancelTimeOut<PaymentDelayed>();
        if (State.Sku == "piano")
        {
            Compensate("no carrier takes a piano");
            return;
        }

        await Shipments.AddAsync((SqliteTransaction)transaction, e.OrderId, State.Sku, cancellationToken);
        Complete();
    }

    [OnEvent]
    public void Decline(PaymentDeclined e) => Compensate(e.Reason);

    [OnEvent]
    public void GiveUp(PaymentDelayed e) => Compensate("the bank has not answered");
}
