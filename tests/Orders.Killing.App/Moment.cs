using System.Diagnostics;
using Carillon.Middleware;

namespace Orders.Killing.App;

/// <summary>When the process is killed: before a listener runs, or after it has, and before that is committed.</summary>
internal sealed record Moment(string Place, string Listener)
{
    internal async ValueTask PassAsync(ListenerNext next, CancellationToken cancellationToken)
    {
        Die("before", next);
        await next.InvokeAsync(cancellationToken);
        Die("after", next);
    }

    private void Die(string place, ListenerNext next)
    {
        if (place == Place && next.Listener.Id == Listener)
        {
            // SIGKILL: nothing runs after it.
            var self = Process.GetCurrentProcess();
            self.Kill();
            self.WaitForExit();
        }
    }
}
