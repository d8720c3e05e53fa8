namespace Carillon.Analyzers.Tests.Listeners;

public sealed class ContradictionAnalyzerTests
{
    [Theory]
    [InlineData("[OnEvent(Delivery.Durable, Ordered = true, MaxPerKey = 2)]", "is ordered and has MaxPerKey = 2, but in order means one at a time.")]
    [InlineData("[OnEvent(Delivery.Durable, MaxPerKey = -1)]", "has MaxPerKey = -1")]
    [InlineData("[OnEvent(Delivery.Durable, SkipsFailed = true)]", "skips failed deliveries, but it is not ordered")]
    [InlineData("[OnEvent(Delivery.Durable, TimeoutSeconds = -1)]", "has a time-out of -1 seconds")]
    [InlineData("[OnEvent(Delivery.Durable, Transactional = true, RememberSeconds = 1)]", "remembers events although it is transactional")]
    [InlineData("[OnEvent(Delivery.Durable, Queue = \"\")]", "has an empty queue")]
    [InlineData("[OnEvent(Delivery.Durable, Queue = \"to mail\")]", "has the queue 'to mail'")]
    [InlineData("[Unique(Replaces = true), OnEvent(Delivery.Durable)]", "is unique until it is done and replaces")]
    [InlineData("[Unique(UniqueUntil.Started, Replaces = true, ForSeconds = 1), OnEvent(Delivery.Durable)]", "is unique for a time and replaces")]
    [InlineData("[Unique(UniqueUntil.Started, MaxWaitSeconds = 1), OnEvent(Delivery.Durable)]", "says how long it waits at the most")]
    [InlineData("[OnEvent(Queue = \"mail\")]", "says a queue, but it is inline")]
    [InlineData("[OnEvent(Delivery.Background, Transactional = true)]", "says Transactional, but it is background")]
    [InlineData("[OnEvent(TimeoutSeconds = 1)]", "says a time-out, but it is inline")]
    [InlineData("[Unique, OnEvent]", "says that its events are unique, but it is inline")]
    [InlineData("[OnEvent(Delivery.AfterCommit, Queue = \"mail\")]", "says a queue, but it is after-commit")]
    [InlineData("[OnEvent(Delivery.BeforeCommit, Ordered = true)]", "says Ordered, but it is before-commit")]
    [InlineData("[OnEvent(Delivery.Durable, MaxAttempts = -1)]", "says MaxAttempts, which is -1; say 1 or more, or 0 for the number in the retry options.")]
    [InlineData("[OnEvent(MaxAttempts = 3)]", "says MaxAttempts, which is 3, but it is not durable, so it is never tried again.")]
    [InlineData("[OnEvent(Delivery.Durable, StopPropagation = true)]", "stops propagation, but it is durable and runs after the dispatch")]
    [InlineData("[OnEvent(Delivery.AfterRollback, StopPropagation = true)]", "stops propagation, but it is after-rollback")]
    [InlineData("[OnEvent(Delivery.Durable, Errors = ListenerErrors.Log)]", "says Errors = Log, but it is durable: its exceptions never reach the emitter")]
    [InlineData("[OnEvent(Delivery.BeforeCommit, Errors = ListenerErrors.Log)]", "says Errors = Log, but it is before-commit: what it throws rolls the unit of work back.")]
    [InlineData("[OnEvent(After = [\"L.A\"], Before = [\"L.B\", \"L.A\"])]", "comes before and after 'L.A'. Nothing can be called in this order")]
    [InlineData("[OnEvent(After = [\"Listeners.On\"])]", "comes before and after itself. Nothing can be called in this order")]
    [InlineData("[OnEvent(Id = \"me\", Before = [\"me\"])]", "comes before and after itself. Nothing can be called in this order")]
    [InlineData("[Unique]", "says that its events are unique, but it is no listener")]
    public async Task CARILLON021_a_contradiction(string attributes, string message) =>
        (await FindAsync(attributes)).ShouldHaveSingleItem().ShouldStartWith($"CARILLON021 at On: 'Listeners.On' {message}");

    [Theory]
    [InlineData("[OnEvent(Delivery.Durable, Queue = \"mail\", TimeoutSeconds = 20, Transactional = true, Ordered = true, SkipsFailed = true)]")]
    [InlineData("[OnEvent(Delivery.Durable, Ordered = true, MaxPerKey = 1)]")]
    [InlineData("[Unique(UniqueUntil.Started, Replaces = true, MaxWaitSeconds = 60), OnEvent(Delivery.Durable, RememberSeconds = 60)]")]
    [InlineData("[OnEvent(Delivery.Durable, MaxAttempts = 3)]")]
    [InlineData("[OnEvent(StopPropagation = true, Errors = ListenerErrors.Log, Before = [\"L.A\"], After = [\"L.B\", \"L.B\"])]")]
    [InlineData("[OnEvent(Delivery.AfterCommit, Errors = ListenerErrors.Throw)]")]
    [InlineData("[Unique(ForSeconds = 60), OnEvent(\"order.*\", Delivery.Durable)]")]
    public async Task CARILLON021_no_contradiction(string attributes) => (await FindAsync(attributes)).ShouldBeEmpty();

    private static Task<string[]> FindAsync(string attributes) => AnalyzerTest.FindAsync($$"""
        using Carillon;

        internal sealed record OrderPlaced(int Number);

        internal sealed class Listeners { {{attributes}} public void On(OrderPlaced e) { } }
        """);
}
