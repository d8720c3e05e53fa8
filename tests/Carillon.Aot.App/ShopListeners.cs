using System.Diagnostics;
using Carillon.Aot.Orders;
using Carillon.AspNetCore;

namespace Carillon.Aot.App;

/// <summary>Listeners of the application itself: durable ones, and those of the host.</summary>
internal sealed class ShopListeners
{
    [OnEvent(Delivery.Durable, Id = "mail")]
    public void Mail(OrderPlaced e, EventContext context, Story story, Fate fate)
    {
        story.Tell($"durable {e.Number}, attempt {context.Attempt}");
        if (context.Attempt == 1)
        {
            throw new InvalidOperationException("The first attempt fails.");
        }

        fate.MailSent.SetResult();
    }

    [OnEvent(Delivery.Durable, Id = "hold")]
    public void Hold(OrderHeld e, Story story, Fate fate)
    {
        story.Tell($"held {e.Number}, {e.Order}, {e.Customer}");
        if (fate.Dies)
        {
            Process.GetCurrentProcess().Kill();
        }

        fate.HeldAgain.SetResult();
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
