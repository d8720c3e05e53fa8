using System.Diagnostics;
using Carillon.AspNetCore;

namespace Carillon.Aot.App;

/// <summary>A listener of each kind, registered by generated code.</summary>
internal sealed class Listeners
{
    [OnEvent(Priority = EventPriority.High)]
    public void Count(OrderPlaced e, Story story) => story.Tell($"inline {e.Number}");

    [OnEvent]
    public async Task Wait(OrderPlaced e, Story story, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        story.Tell($"asynchronous {e.Number}");
    }

    [OnEvent]
    public void Everything(IDomainEvent e, Story story) => story.Tell($"domain event {e.GetType().Name}");

    [OnEvent(Delivery.Durable, Id = "mail")]
    public void Mail(OrderPlaced e, EventContext context, Story story)
    {
        story.Tell($"durable {e.Number}, attempt {context.Attempt}");
        if (context.Attempt == 1)
        {
            throw new InvalidOperationException("The first attempt fails.");
        }

        story.MailSent.SetResult();
    }

    [OnEvent(Delivery.Durable, Id = "hold")]
    public void Hold(OrderHeld e, Story story)
    {
        story.Tell($"held {e.Number}");
        if (story.Dies)
        {
            Process.GetCurrentProcess().Kill();
        }

        story.HeldAgain.SetResult();
    }

    [OnEvent]
    public void Booted(ApplicationBooted _, Story story) => story.Tell("booted");

    [OnEvent]
    public void Stopping(ApplicationStopping _, Story story) => story.Tell("stopping");

    [OnEvent]
    public void Before(BeforeHandleRequest e) => e.Items["name"] = "native";

    [OnEvent]
    public void After(AfterHandleRequest e, Story story) => story.Tell($"request {e.HttpContext.Request.Path} {e.StatusCode} {e.Items["name"]}");
}
