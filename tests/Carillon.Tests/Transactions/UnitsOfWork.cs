using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;
using Carillon.Listeners;
using Carillon.Testing;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Transactions;

/// <summary>An application over a database of the test in which deliveries are written too, with a note of which listener ran when.</summary>
public abstract class UnitsOfWork
{
    private protected UnitsOfWork() => Store = new JoiningStore(Database, Deliveries);

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected SimulatedTime Time { get; } = new();

    private protected TestDatabase Database { get; } = new();

    private protected InMemoryDeliveryStore Deliveries { get; } = new();

    private protected JoiningStore Store { get; }

    /// <summary>What has happened, in order.</summary>
    private protected List<string> Ran { get; } = [];

    private protected Task<Application> StartAsync(Action<CarillonBuilder> configure) =>
        Application.StartAsync(carillon => configure(carillon.UseStore(_ => Store).UseSimulatedTime(Time).RunDeliveriesByHand()));

    private protected Task<Application> StartWithWorkerAsync(Action<CarillonBuilder> configure) =>
        Application.StartAsync(carillon => configure(carillon.UseStore(_ => Store).UseSimulatedTime(Time)));

    /// <summary>A listener in each phase, which notes its phase and the number of the event.</summary>
    private protected CarillonBuilder AllPhases(CarillonBuilder carillon) =>
        Note(Note(Note(Note(carillon, Delivery.AfterCompletion, "completion"), Delivery.AfterRollback, "rollback"), Delivery.AfterCommit, "after"), Delivery.BeforeCommit, "before");

    private protected CarillonBuilder Note(CarillonBuilder carillon, Delivery delivery, string word) =>
        carillon.Listen<Placed>(e => Ran.Add($"{word} {e.Number}"), options => options.Delivery = delivery);

    private protected static Action<ListenOptions> In(Delivery delivery, string? id = null, int priority = 0) => options =>
    {
        options.Delivery = delivery;
        options.Id = id;
        options.Priority = priority;
    };

    private protected static IUnitOfWorkFactory Units(Application application) => application.Scope.GetRequiredService<IUnitOfWorkFactory>();

    private protected ValueTask<UnitOfWork> BeginAsync(Application application) => Units(application).BeginAsync(Database.Open(), Cancellation);

    private protected async Task<int> CountDeliveriesAsync() => (int)(await Deliveries.CountAsync(Time.GetUtcNow(), Cancellation)).Values.Sum();

    [Event("order.placed")]
    private protected sealed record Placed(int Number);

    [Event("order.counted")]
    private protected sealed record Counted(int Number);
}
