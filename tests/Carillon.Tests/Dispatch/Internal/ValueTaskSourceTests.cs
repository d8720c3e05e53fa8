using System.Threading.Tasks.Sources;
using Carillon.Dispatch.Internal;

namespace Carillon.Tests.Dispatch.Internal;

public sealed class ValueTaskSourceTests
{
    // A framework with other fields would make this fail; dispatches would still be right.
    [Fact]
    public void A_source_is_found_behind_its_task()
    {
        var present = new Source();
        var task = new ValueTask(present, 3);

        ValueTaskSource.TryFind(ref task, out var source, out var token).ShouldBeTrue();

        source.ShouldBeSameAs(present);
        token.ShouldBe((short)3);
    }

    [Fact]
    public void A_task_that_has_completed_or_is_a_Task_has_none()
    {
        var completed = ValueTask.CompletedTask;
        var running = new ValueTask(new TaskCompletionSource().Task);

        ValueTaskSource.TryFind(ref completed, out _, out _).ShouldBeFalse();
        ValueTaskSource.TryFind(ref running, out _, out _).ShouldBeFalse();
    }

    private sealed class Source : IValueTaskSource
    {
        public ValueTaskSourceStatus GetStatus(short token) => ValueTaskSourceStatus.Pending;

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        {
        }

        public void GetResult(short token)
        {
        }
    }
}
