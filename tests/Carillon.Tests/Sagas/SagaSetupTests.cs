using Carillon.Deliveries;
using Carillon.Listeners;
using Carillon.Sagas;
using Carillon.Testing;
using Carillon.Tests.Deliveries;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Sagas;

public sealed class SagaSetupTests : DeliveriesByHand
{
    [Fact] // D2
    public async Task A_method_that_is_added_twice_is_one()
    {
        var listener = Write(process => process.Write());
        await using var application = await StartAsync(carillon => WithProcess(carillon).AddSagaStep(listener, Start()).AddSagaStep(listener, Start()).AddEvent<LetterWritten>());

        await application.Events.DispatchAsync(new LetterWritten("a"), Cancellation);

        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(1);
        (await application.Services.GetRequiredService<ISagas>().FindAsync("letter", "a", Cancellation)).ShouldNotBeNull().Saga.State.ShouldBe("""{"pages":1}""");
    }

    [Theory] // D2
    [InlineData("no start", "The saga 'letter' (Carillon.Tests.Sagas.LetterProcess) has no method with [StartedBy], so that it never begins.")]
    [InlineData("no key", "'write' does not say by which property of its event it finds its saga 'letter': [CorrelatedBy(\"...\")].")]
    [InlineData("inline", "'write' is a method of a saga, and those are durable, transactional and have their context: set Delivery, Transactional and NeedsContext of the listener.")]
    [InlineData("two classes", "Two sagas have the name 'letter': 'Carillon.Tests.Sagas.LetterProcess' and 'System.Object'. Give each a name of its own: [Saga(\"...\")].")]
    [InlineData("undoes nothing", "'undo' undoes 'nobody', which is no method of the saga 'letter'.")]
    [InlineData("transaction", "'write' of the saga 'letter' takes the transaction of its delivery, but the deliveries in memory take part in none.")]
    [InlineData("state", "The state of the saga 'letter' (Carillon.Tests.Sagas.LossyState) would not be there as it was left with its next event: ")]
    [InlineData("singleton", "The saga 'letter' (Carillon.Tests.Sagas.LetterProcess) is registered as Singleton, but each of its events has one of its own")]
    public async Task What_is_wrong_with_a_saga_stops_the_start(string what, string problem)
    {
        var exception = await Should.ThrowAsync<CarillonConfigurationException>(() => StartAsync(carillon => Break(carillon, what).AddEvent<LetterWritten>().AddEvent<LetterPosted>()));

        exception.Message.ShouldContain(problem);
    }

    [Fact] // D2
    public async Task A_store_without_sagas_stops_the_start()
    {
        var exception = await Should.ThrowAsync<CarillonConfigurationException>(() => Application.StartAsync(carillon => WithProcess(carillon)
            .AddSagaStep(Write(process => process.Write()), Start())
            .AddEvent<LetterWritten>()
            .UseStore(_ => new JoiningStore(Store))));

        exception.Message.ShouldContain("keep no sagas, and 'letter' is one. Choose a store that does: UseSqlite, UsePostgres or UseInMemory.");
    }

    [Fact] // D2
    public async Task Sagas_without_a_store_are_asked_for_one()
    {
        await using var application = await Application.StartAsync(_ => { });

        var exception = Should.Throw<CarillonException>(() => application.Services.GetRequiredService<ISagas>());

        exception.Message.ShouldContain("There is no delivery store");
    }

    [Fact] // D2
    public void A_saga_has_no_state_outside_of_its_events()
    {
        Should.Throw<InvalidOperationException>(() => new LetterProcess().Write()).Message.ShouldContain("has no state here");
        Should.Throw<InvalidOperationException>(() => new LetterProcess().ReadKey()).Message.ShouldContain("read a saga from elsewhere with ISagas");
    }

    [Fact] // D2
    public async Task A_saga_ends_once()
    {
        await using var application = await StartAsync(carillon => WithProcess(carillon)
            .ConfigureRetries(retries => retries.MaxAttempts = 1)
            .AddSagaStep(Write(process => process.PostTwice()), Start())
            .AddEvent<LetterWritten>());

        await application.Events.DispatchAsync(new LetterWritten("a"), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        (await ListAsync()).ShouldHaveSingleItem().Error.ShouldNotBeNull().ShouldContain("Compensate was called after Complete, with which the saga has ended.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task A_page_of_an_impossible_size_is_refused(int size)
    {
        await using var application = await StartAsync(_ => { });

        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await application.Services.GetRequiredService<ISagas>().ListAsync(new SagaQuery { PageSize = size }, Cancellation));
    }

    private static CarillonBuilder Break(CarillonBuilder carillon, string what)
    {
        var write = Write(process => process.Write());
        return what switch
        {
            "no start" => WithProcess(carillon).AddSagaStep(write, Step(SagaStepKind.Continue)),
            "no key" => WithProcess(carillon).AddSagaStep(write, new SagaStep("letter", SagaStepKind.Start, typeof(LetterProcess), typeof(LetterState))),
            "inline" => WithProcess(carillon).AddSagaStep(new Listener("write", typeof(LetterWritten), write.Invoke), Start()),
            "two classes" => WithProcess(carillon)
                .AddSagaStep(write, Start())
                .AddSagaStep(Listener("post", typeof(LetterPosted)), new SagaStep("letter", SagaStepKind.Continue, typeof(object), typeof(LetterState)) { Key = e => "a" }),
            "undoes nothing" => WithProcess(carillon)
                .AddSagaStep(write, Start())
                .AddSagaStep(Listener("undo", typeof(Compensation)), new SagaStep("letter", SagaStepKind.Compensate, typeof(LetterProcess), typeof(LetterState)) { Compensates = "nobody" }),
            "transaction" => WithProcess(carillon).AddSagaStep(
                write, new SagaStep("letter", SagaStepKind.Start, typeof(LetterProcess), typeof(LetterState)) { Key = e => "a", TakesTransaction = true }),
            "state" => WithProcess(carillon).AddSagaStep(write, new SagaStep("letter", SagaStepKind.Start, typeof(LetterProcess), typeof(LossyState)) { Key = e => "a" }),
            _ => WithSingleton(carillon).AddSagaStep(write, Start()),
        };
    }

    private static CarillonBuilder WithProcess(CarillonBuilder carillon) => carillon.AddListenerClass(typeof(LetterProcess), ServiceLifetime.Scoped);

    private static CarillonBuilder WithSingleton(CarillonBuilder carillon)
    {
        carillon.Services.AddSingleton<LetterProcess>();
        return carillon;
    }

    private static Listener Write(Action<LetterProcess> act) => new(
        "write",
        typeof(LetterWritten),
        (object _, in ListenerCall call) =>
        {
            act(call.Services.GetRequiredService<LetterProcess>());
            return ValueTask.CompletedTask;
        })
    {
        Delivery = Delivery.Durable,
        Transactional = true,
        NeedsContext = true,
    };

    private static Listener Listener(string id, Type eventType) => new(id, eventType, static (object _, in ListenerCall _) => ValueTask.CompletedTask)
    {
        Delivery = Delivery.Durable,
        Transactional = true,
        NeedsContext = true,
    };

    private static SagaStep Start() => Step(SagaStepKind.Start);

    private static SagaStep Step(SagaStepKind kind) => new("letter", kind, typeof(LetterProcess), typeof(LetterState)) { Key = static e => ((LetterWritten)e).Letter };
}
