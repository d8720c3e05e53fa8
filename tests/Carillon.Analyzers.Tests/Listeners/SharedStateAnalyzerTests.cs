namespace Carillon.Analyzers.Tests.Listeners;

public sealed class SharedStateAnalyzerTests
{
    [Theory]
    [InlineData("private static int _count; [OnEvent] internal void On(OrderPlaced e) => _count++; internal static int Count => _count;", "_count++")]
    [InlineData("internal static int Count { get; set; } [OnEvent] internal void On(OrderPlaced e) => Count = e.Number;", "Count = e.Number")]
    [InlineData("private static string _last = \"\"; [OnEvent] internal void On(OrderPlaced e) { _last += e; Console.WriteLine(_last); }", "_last += e")]
    [InlineData("private static int _count; [OnEvent] internal async Task On(OrderPlaced e) { await Task.Run(() => _count = 1); Console.WriteLine(_count); }", "_count = 1")]
    public async Task CARILLON015_a_static_member_that_a_listener_writes(string members, string write)
    {
        var member = write.Split(' ', '+')[0];

        (await FindAsync(members)).ShouldBe(
            [$"CARILLON015 at {member}: 'Listeners.On' changes '{member}', which all scopes and threads share. Keep it in a service that is made for several threads, or in the event."]);
    }

    [Theory]
    [InlineData("private bool _sent;")]
    [InlineData("private bool _sent { get; set; }")]
    public async Task CARILLON015_a_member_that_one_listener_writes_and_another_uses(string declaration) =>
        (await FindAsync($"{declaration} [OnEvent] internal void Mail(OrderPlaced e) => _sent = true; [OnEvent] internal void Log(OrderPlaced e) => Console.WriteLine(_sent);")).ShouldBe(
            ["CARILLON015 at _sent: 'Listeners.Mail' changes '_sent', which 'Listeners.Log' uses: each depends on whether the other one has run. Dispatch a second event, or let the event carry it."]);

    [Fact]
    public async Task CARILLON015_both_write() =>
        (await FindAsync("internal int Count; [OnEvent] internal void First(OrderPlaced e) => Count++; [OnEvent] internal void Second(OrderSent e) => Count = 0;")).Length.ShouldBe(2);

    [Fact]
    public async Task CARILLON015_a_class_that_is_a_listener() =>
        (await AnalyzerTest.FindAsync("""
            using Carillon;
            internal sealed record OrderPlaced;
            internal sealed class Counter : IListener<OrderPlaced>
            {
                internal static int Count;
                public ValueTask HandleAsync(OrderPlaced e, CancellationToken token) { Count++; return default; }
            }
            """)).ShouldHaveSingleItem().ShouldStartWith("CARILLON015 at Count: 'Counter.HandleAsync' changes 'Count',");

    [Theory]
    [InlineData("private static int _count; [OnEvent] internal void On(OrderPlaced e) => Interlocked.Increment(ref _count);")]
    [InlineData("private static readonly Lock Gate = new(); private static int _count; [OnEvent] internal void On(OrderPlaced e) { lock (Gate) { _count++; } }")]
    [InlineData("private static readonly Lock Gate = new(); private static int _count; [OnEvent] internal void On(OrderPlaced e) { using (Gate.EnterScope()) { _count++; } }")]
    [InlineData("private static readonly Lock Gate = new(); private static int _count; [OnEvent] internal void On(OrderPlaced e) { using var scope = Gate.EnterScope(); if (_count < 9) { _count++; } }")]
    [InlineData("private static string? _text; [OnEvent] internal void On(OrderPlaced e) => Console.WriteLine(_text ??= \"made once\");")]
    [InlineData("[ThreadStatic] private static int _count; [OnEvent] internal void On(OrderPlaced e) => _count++; internal static int Count => _count;")]
    public async Task CARILLON015_not_what_was_thought_about(string members) => (await FindAsync(members)).ShouldBeEmpty();

    [Theory]
    [InlineData("internal static int Count; internal static void Reset() => Count = 0; [OnEvent] internal void On(OrderPlaced e) { }")]
    [InlineData("private const int Limit = 3; [OnEvent] internal void On(OrderPlaced e) => Console.WriteLine(Limit);")]
    [InlineData("private int _count; [OnEvent] internal void On(OrderPlaced e) { _count++; Console.WriteLine(_count); }")]
    [InlineData("private readonly List<int> _all = []; [OnEvent] internal void On(OrderPlaced e) => _all.Add(1); [OnEvent] internal void Other(OrderSent e) => _all.Clear();")]
    [InlineData("internal int Count; [OnEvent] internal void On(OrderPlaced e, Listeners other) => other.Count = 1; [OnEvent] internal void Other(OrderSent e) => Console.WriteLine(Count);")]
    public async Task CARILLON015_not_what_one_listener_has_to_itself_or_only_reads(string members) => (await FindAsync(members)).ShouldBeEmpty();

    private static Task<string[]> FindAsync(string members) => AnalyzerTest.FindAsync($$"""
        using Carillon;
        internal sealed record OrderPlaced(int Number = 1);
        internal sealed record OrderSent;
        internal sealed class Listeners { {{members}} }
        """);
}
