using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Polls;

/// <summary>The address of this site, for code that runs outside a request.</summary>
internal sealed class SiteAddress(PollsOptions options, IServer server, IHostApplicationLifetime lifetime)
{
    /// <summary>Waits until the site listens: a durable listener may run before that, right after a restart.</summary>
    public async Task<Uri> GetAsync(CancellationToken cancellationToken)
    {
        if (options.PublicAddress is { } configured)
        {
            return configured;
        }

        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);

        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
            ?? throw new InvalidOperationException("The site does not know its own address. Set Polls:PublicAddress.");
        return new Uri(address.Replace("//+", "//localhost").Replace("//*", "//localhost").Replace("//[::]", "//localhost").Replace("//0.0.0.0", "//localhost"));
    }
}
