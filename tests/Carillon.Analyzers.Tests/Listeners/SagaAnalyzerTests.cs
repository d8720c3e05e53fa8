namespace Carillon.Analyzers.Tests.Listeners;

public sealed class SagaAnalyzerTests
{
    private const string Types = """
        using Carillon;
        using Carillon.Sagas;

        internal readonly record struct OrderNumber(int Value);
        internal sealed record Address(string Street);
        internal sealed record OrderPlaced(string OrderId, OrderNumber Number, Address Address);
        internal sealed record OrderPaid(string OrderId);
        internal sealed record OrderLost(string orderId);
        internal sealed record BuildReport(string OrderId) : IJob;
        internal sealed class OrderState;


        """;

    private const string Begin = "[StartedBy] public void Begin(OrderPlaced e) { } ";

    [Theory]
    [InlineData("public static void Pay(OrderPaid e) { }", "[OnEvent] ", "it is static, and the state of a saga belongs to an instance")]
    [InlineData("public void Again(OrderPlaced e) { }", "[OnEvent] ", "'Begin' takes the same event, and which of them comes first would be up to chance")]
    [InlineData("public void Pay(OrderPaid e) { }", "[OnEvent(Delivery.Background)] ", "it says another delivery, and a method of a saga is durable: leave the delivery out")]
    [InlineData("public void Undo(Compensation c) { }", "[OnEvent] ", "it takes the Compensation, which comes to methods with [Compensates]")]
    [InlineData("public void Undo(Compensation c) { }", "[Compensates(\"Nobody\")] ", "its saga has no step 'Nobody' with [StartedBy] or [OnEvent] that it could undo")]
    [InlineData("public void Undo(OrderPaid c) { }", "[Compensates(\"Begin\")] ", "its first parameter is not the Compensation")]
    [InlineData("public void Do(BuildReport job) { }", "[OnJob] ", "it handles a job, and a saga listens to events: let the handler dispatch one")]
    public async Task CARILLON040_a_method_that_can_be_no_step(string method, string attribute, string why) =>
        (await FindAsync($"{Begin}{attribute}{method}")).ShouldContain(finding => finding.StartsWith("CARILLON040") && finding.EndsWith($"can be no step of a saga: {why}."));

    [Fact]
    public async Task CARILLON040_two_methods_that_undo_one_step() =>
        (await FindAsync($"{Begin}[Compensates(nameof(Begin))] public void One(Compensation c) {{ }} [Compensates(nameof(Begin))] public void Other(Compensation c) {{ }}"))
            .ShouldAllBe(finding => finding.StartsWith("CARILLON040") && finding.EndsWith("another method of the saga undoes the same step."));

    [Fact]
    public async Task CARILLON040_a_saga_that_never_begins() =>
        (await FindAsync("[OnEvent] public void Pay(OrderPaid e) { }")).ShouldHaveSingleItem()
            .ShouldBe("CARILLON040 at Pay: 'Process.Pay' can be no step of a saga: no method of its class has [StartedBy], so that the saga never begins.");

    [Theory]
    [InlineData("[StartedBy] public void On(OrderPaid e) { }")]
    [InlineData("[Compensates(\"On\")] public void Undo(Compensation e) { }")]
    public async Task CARILLON040_a_class_that_is_no_saga(string member) =>
        (await AnalyzerTest.FindAsync($"{Types}internal sealed class Listeners {{ {member} }}")).ShouldHaveSingleItem()
            .ShouldEndWith("can be no step of a saga: its class is no saga: derive it from Saga<TState>.");

    [Theory]
    [InlineData("[OnEvent] public void Lose(OrderLost e) { }", "'OrderLost' has no property 'OrderId' that can be read here (it has 'orderId')")]
    [InlineData("[OnEvent] [CorrelatedBy(\"Order.Id\")] public void Pay(OrderPaid e) { }", "'OrderPaid' has no property 'Order' that can be read here")]
    [InlineData("[StartedBy] [CorrelatedBy(\"Address\")] public void Begin(OrderPlaced e) { }", "'Address' of 'OrderPlaced' is of the type 'Address', which is no key: it is neither a string nor IFormattable")]
    [InlineData("[StartedBy] [CorrelatedBy(\"Number\")] public void Begin(OrderPlaced e) { }", "'Number' of 'OrderPlaced' is of the type 'OrderNumber', which is no key: it is neither a string nor IFormattable")]
    public async Task CARILLON041_an_event_without_its_key(string member, string why) =>
        (await FindAsync(member.StartsWith("[StartedBy]", StringComparison.Ordinal) ? member : Begin + member)).ShouldHaveSingleItem()
            .ShouldContain($"cannot find its saga: {why}. Name a property of the event");

    [Fact]
    public async Task CARILLON041_a_saga_that_says_nothing() =>
        (await AnalyzerTest.FindAsync($"{Types}internal sealed class Process : Saga<OrderState> {{ {Begin} }}")).ShouldHaveSingleItem()
            .ShouldStartWith("CARILLON041 at Begin: 'Process.Begin' cannot find its saga: nothing says by which property 'OrderPlaced' finds its saga. ");

    [Theory]
    [InlineData("")]
    [InlineData("[OnEvent(Delivery.Durable, MaxAttempts = 3, Queue = \"orders\", TimeoutSeconds = 5)] public void Pay(OrderPaid e) { }")]
    [InlineData("[OnEvent(MaxAttempts = 3)] public void Pay(OrderPaid e) => Complete();")]
    [InlineData("[Compensates(nameof(Begin))] public Task Undo(Compensation c, CancellationToken token) => Task.CompletedTask;")]
    [InlineData("[OnEvent] [CorrelatedBy(\"orderId\")] public void Lose(OrderLost e) { }")]
    public async Task Nothing_is_said_of_what_works(string member) => (await FindAsync(Begin + member)).ShouldBeEmpty();

    [Fact]
    public async Task A_path_reaches_into_the_property() =>
        (await AnalyzerTest.FindAsync($"{Types}[CorrelatedBy(\"Number.Value\")] internal sealed class Process : Saga<OrderState> {{ {Begin} }}")).ShouldBeEmpty();

    private static Task<string[]> FindAsync(string members) =>
        AnalyzerTest.FindAsync($"{Types}[CorrelatedBy(\"OrderId\")] internal sealed class Process : Saga<OrderState> {{ {members} }}");
}
