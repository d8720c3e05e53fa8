namespace Carillon.Analyzers.Tests.Listeners;

public sealed class ListenerResultAnalyzerTests
{
    [Theory]
    [InlineData("IEnumerable<int> On(OrderPlaced e) { yield return 1; }")]
    [InlineData("System.Collections.IEnumerable On(OrderPlaced e) { yield break; }")]
    [InlineData("IEnumerator<int> On(OrderPlaced e) { if (e.Number > 1) { yield return 1; } }")]
    public async Task CARILLON029_an_iterator_of_which_nothing_runs(string method) =>
        (await FindAsync(method)).ShouldBe(
            ["CARILLON029 at On: 'OrderListeners.On' is an iterator: nothing of it runs before somebody reads what it returns, and no dispatch does. Do the work and return nothing, or return an array or a list as its result."]);

    [Fact]
    public async Task CARILLON029_a_partial_iterator() =>
        (await FindAsync("partial IEnumerable<int> On(OrderPlaced e); internal static partial IEnumerable<int> On(OrderPlaced e) { yield return 1; }")).ShouldHaveSingleItem().ShouldStartWith("CARILLON029 at On: ");

    [Theory]
    [InlineData("async IAsyncEnumerable<int> On(OrderPlaced e) { await Task.Yield(); yield return 1; }")]
    [InlineData("IAsyncEnumerable<int> On(OrderPlaced e) => throw new NotSupportedException();")]
    public async Task CARILLON029_a_stream_that_nobody_reads(string method) =>
        (await FindAsync(method)).ShouldBe(
            ["CARILLON029 at On: 'OrderListeners.On' returns 'System.Collections.Generic.IAsyncEnumerable<int>', which no dispatch reads: what it does there never happens. Return Task, or Task<T> for a result."]);

    [Theory]
    [InlineData("System.Runtime.CompilerServices.ConfiguredTaskAwaitable On(OrderPlaced e) => Task.CompletedTask.ConfigureAwait(false);", "System.Runtime.CompilerServices.ConfiguredTaskAwaitable")]
    [InlineData("Later On(OrderPlaced e) => new();", "Later")]
    [InlineData("Running On(OrderPlaced e) => new();", "Running")]
    public async Task CARILLON029_an_awaitable_that_nobody_awaits(string method, string type) =>
        (await FindAsync(method)).ShouldBe(
            [$"CARILLON029 at On: 'OrderListeners.On' returns '{type}', which nobody awaits: its call counts as done, and a durable delivery as completed, while it still runs. Await it in the listener and return Task or ValueTask."]);

    [Theory]
    [InlineData("Task<Task> On(OrderPlaced e) => Task.FromResult(Task.CompletedTask);", "System.Threading.Tasks.Task<System.Threading.Tasks.Task>", "System.Threading.Tasks.Task")]
    [InlineData("ValueTask<Task<int>> On(OrderPlaced e) => new(Task.FromResult(1));", "System.Threading.Tasks.ValueTask<System.Threading.Tasks.Task<int>>", "System.Threading.Tasks.Task<int>")]
    [InlineData("async Task<ValueTask> On(OrderPlaced e) { await Task.Yield(); return default; }", "System.Threading.Tasks.Task<System.Threading.Tasks.ValueTask>", "System.Threading.Tasks.ValueTask")]
    [InlineData("Task<Later> On(OrderPlaced e) => Task.FromResult(new Later());", "System.Threading.Tasks.Task<Later>", "Later")]
    public async Task CARILLON029_a_task_in_a_task(string method, string type, string inner) =>
        (await FindAsync(method)).ShouldBe(
            [$"CARILLON029 at On: 'OrderListeners.On' returns '{type}', of which nobody awaits the inner '{inner}': its call counts as done, and a durable delivery as completed, while it still runs. Await it in the listener and return Task or ValueTask."]);

    [Fact]
    public async Task CARILLON029_a_stream_in_a_task() =>
        (await FindAsync("Task<IAsyncEnumerable<int>> On(OrderPlaced e) => throw new NotSupportedException();")).ShouldBe(
            ["CARILLON029 at On: 'OrderListeners.On' returns 'System.Threading.Tasks.Task<System.Collections.Generic.IAsyncEnumerable<int>>', which no dispatch reads: what it does there never happens. Return Task, or Task<T> for a result."]);

    [Theory]
    [InlineData("Lazy<Task> On(OrderPlaced e) => new(() => Task.CompletedTask);", "System.Lazy<System.Threading.Tasks.Task>")]
    [InlineData("Task<Lazy<Task<int>>> On(OrderPlaced e) => throw new NotSupportedException();", "System.Threading.Tasks.Task<System.Lazy<System.Threading.Tasks.Task<int>>>")]
    public async Task CARILLON029_work_that_nobody_begins(string method, string type) =>
        (await FindAsync(method)).ShouldBe(
            [$"CARILLON029 at On: 'OrderListeners.On' returns '{type}', which nobody asks for its value: what it does there never happens. Do it in the listener and return Task or ValueTask."]);

    [Theory]
    [InlineData("Lazy<int> On(OrderPlaced e) => new(() => 1);")]
    [InlineData("Task<int[]> On(OrderPlaced e) => Task.FromResult(new[] { 1 });")]
    [InlineData("Task<IReadOnlyList<Task>> On(OrderPlaced e) => throw new NotSupportedException();")]
    [InlineData("void On(OrderPlaced e) { }")]
    [InlineData("Task On(OrderPlaced e) => Task.CompletedTask;")]
    [InlineData("Task<int> On(OrderPlaced e) => Task.FromResult(1);")]
    [InlineData("ValueTask On(OrderPlaced e) => default;")]
    [InlineData("ValueTask<int> On(OrderPlaced e) => default;")]
    [InlineData("IEnumerable<int> On(OrderPlaced e) => [1];")]
    [InlineData("int On(OrderPlaced e) { return All().Sum(); IEnumerable<int> All() { yield return e.Number; } }")]
    [InlineData("dynamic On(OrderPlaced e) => e;")]
    public async Task CARILLON029_not_a_listener_that_is_awaited_or_done(string method) => (await FindAsync(method)).ShouldBeEmpty();

    private static Task<string[]> FindAsync(string method) => AnalyzerTest.FindAsync($$"""
        using Carillon;
        using System.Linq;

        internal sealed record OrderPlaced(int Number);

        internal sealed class Later { public System.Runtime.CompilerServices.TaskAwaiter GetAwaiter() => Task.CompletedTask.GetAwaiter(); }

        internal sealed class Running() : Task(() => { });

        internal static partial class OrderListeners
        {
            [OnEvent]
            internal static {{method}}

            internal static int Sum => new[] { 1 }.Sum() + typeof(Later).Name.Length + typeof(Running).Name.Length;
        }
        """);
}
