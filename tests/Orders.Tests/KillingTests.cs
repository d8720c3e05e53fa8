using Carillon.Deliveries;
using Carillon.Sagas;

namespace Orders.Tests;

/// <summary>The process of one order, killed with kill -9 before and after each of its steps, one after the other; each process goes on where the one before was killed.</summary>
public sealed class KillingTests : IDisposable
{
    private const string Id = "7";

    private readonly OrderFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact] // D2
    public async Task An_order_that_is_killed_at_every_step_is_reserved_charged_and_shipped_once()
    {
        await KillAtEachAsync("lamp", 40, "OrderProcess.Reserve", "OrderProcess.Charge", "PaymentJobs.Charge", "OrderProcess.Ship");

        var (saga, left) = await _folder.ReadAsync(Id);
        saga.Saga.Status.ShouldBe(SagaStatus.Completed);
        saga.Steps.Select(step => step.Step).ShouldBe(["OrderProcess.Reserve", "OrderProcess.Charge", "OrderProcess.Ship"]);
        _folder.Effects(Id).ShouldBe(["stock lamp 9 0", "stock piano 1 0", "stock sofa 3 0", "payment 40.0", "shipment lamp"]);
        ShouldBeDone(left);
    }

    [Fact] // D2
    public async Task An_order_whose_payment_is_declined_is_killed_at_every_step_and_everything_is_put_back()
    {
        await KillAtEachAsync(
            "sofa", 900, "OrderProcess.Reserve", "OrderProcess.Charge", "PaymentJobs.Charge", "OrderProcess.Decline", "OrderProcess.Refund", "OrderProcess.Release");

        var (saga, left) = await _folder.ReadAsync(Id);
        (saga.Saga.Status, saga.Saga.Reason).ShouldBe((SagaStatus.Compensated, "the bank has declined 900"));
        saga.Steps.Select(step => step.Step).ShouldBe(
            ["OrderProcess.Reserve", "OrderProcess.Charge", "OrderProcess.Decline", "OrderProcess.Refund", "OrderProcess.Release"]);
        _folder.Effects(Id).ShouldBe(["stock lamp 10 0", "stock piano 1 0", "stock sofa 3 0"]);
        ShouldBeDone(left);
    }

    [Fact] // D2
    public async Task An_order_that_nobody_ships_is_killed_at_every_step_and_paid_back_before_it_is_put_back()
    {
        await KillAtEachAsync("piano", 90, "OrderProcess.Reserve", "OrderProcess.Charge", "PaymentJobs.Charge", "OrderProcess.Ship", "OrderProcess.Refund", "OrderProcess.Release");

        var (saga, left) = await _folder.ReadAsync(Id);
        (saga.Saga.Status, saga.Saga.Reason).ShouldBe((SagaStatus.Compensated, "no carrier takes a piano"));
        _folder.Effects(Id).ShouldBe(["stock lamp 10 0", "stock piano 1 0", "stock sofa 3 0", "payment 90.0 paid back"]);
        ShouldBeDone(left);
    }

    private async Task KillAtEachAsync(string sku, int amount, params string[] listeners)
    {
        foreach (var listener in listeners)
        {
            (await OrderWorker.RunAsync(_folder, Id, sku, amount, "before", listener)).ShouldBe(OrderWorker.Killed, $"before {listener}");
            (await OrderWorker.RunAsync(_folder, Id, sku, amount, "after", listener)).ShouldBe(OrderWorker.Killed, $"after {listener}");
        }

        (await OrderWorker.RunAsync(_folder, Id, sku, amount)).ShouldBe(0);
    }

    // The last process ends with the saga: what takes its time-out back, or an answer that the bank gave twice, may wait for the next one.
    private static void ShouldBeDone(IEnumerable<DeliverySnapshot> left) =>
        left.Where(delivery => delivery.State is DeliveryState.Failed or DeliveryState.Parked).ShouldBeEmpty();
}
