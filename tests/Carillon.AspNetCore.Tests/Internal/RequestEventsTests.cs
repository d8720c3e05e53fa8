using Carillon.AspNetCore.Internal;
using Carillon.Events;
using Carillon.Listeners;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.AspNetCore.Tests.Internal;

public sealed class RequestEventsTests
{
    private static readonly Task Handled = Task.CompletedTask;

    [Fact] // A17: no cost while nobody listens
    public void While_nobody_listens_a_request_is_handed_on_as_it_is_and_nothing_is_allocated()
    {
        var provider = new Provider();
        // It has no services: whoever asked for the dispatcher would fail.
        var context = new DefaultHttpContext();
        var clock = new CountingTime();
        var events = new RequestEvents(_ => Handled, new RequestListeners([provider]), clock, NullLogger.Instance);
        events.HandleAsync(context).ShouldBeSameAs(Handled);
        var asked = provider.Asked;

        var same = true;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var request = 0; request < 1000; request++)
        {
            same &= ReferenceEquals(events.HandleAsync(context), Handled);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        same.ShouldBeTrue();
        (provider.Asked - asked, clock.Looks).ShouldBe((0, 0));
    }

    [Fact]
    public void Listeners_that_change_while_they_are_asked_for_are_asked_for_again()
    {
        var provider = new Provider();
        var listeners = new RequestListeners([provider]);
        provider.WhenAsked = provider.RaiseChanged;
        listeners.Current.HearAfter.ShouldBeFalse();
        provider.WhenAsked = null;
        var asked = provider.Asked;

        _ = listeners.Current;
        _ = listeners.Current;

        (provider.Asked - asked).ShouldBe(2, "once for each of the two events");
    }

    private sealed class CountingTime : TimeProvider
    {
        internal int Looks { get; private set; }

        public override long GetTimestamp() => Looks++;
    }

    private sealed class Provider : IListenerProvider
    {
        public event Action? Changed;

        internal int Asked { get; private set; }

        internal Action? WhenAsked { get; set; }

        internal void RaiseChanged() => Changed?.Invoke();

        public IEnumerable<Listener> GetListeners(EventType eventType)
        {
            Asked++;
            WhenAsked?.Invoke();
            return [];
        }
    }
}
