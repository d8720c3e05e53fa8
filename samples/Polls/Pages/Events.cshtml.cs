using Carillon.Deliveries;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Polls.Reading;

namespace Polls.Pages;

internal sealed class EventsModel(IDeliveries deliveries, PollQueries queries) : PageModel
{
    private const int AuditEntries = 10;

    /// <summary>Only deliveries in this state; null for all.</summary>
    [BindProperty(SupportsGet = true)]
    public DeliveryState? State { get; set; }

    public DeliveryTable Deliveries { get; private set; } = null!;

    public IReadOnlyList<AuditEntry> Audit { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Deliveries = await ReadAsync(cancellationToken);
        Audit = await queries.LastAuditEntriesAsync(AuditEntries, cancellationToken);
    }

    /// <summary>The part of the page that live.js asks for every second.</summary>
    public async Task<IActionResult> OnGetDeliveriesAsync(CancellationToken cancellationToken) =>
        Partial("_Deliveries", await ReadAsync(cancellationToken));

    public async Task<IActionResult> OnPostRetryAsync(long id, CancellationToken cancellationToken) =>
        Report(await deliveries.RetryAsync(id, cancellationToken), $"Delivery {id} is ready again.", id);

    public async Task<IActionResult> OnPostDiscardAsync(long id, CancellationToken cancellationToken) =>
        Report(await deliveries.DiscardAsync(id, cancellationToken), $"Delivery {id} is discarded.", id);

    private RedirectToPageResult Report(bool done, string notice, long id)
    {
        TempData["Notice"] = done ? notice : $"Delivery {id} has moved on in the meantime. Nothing was changed.";
        return RedirectToPage(new { State });
    }

    private async Task<DeliveryTable> ReadAsync(CancellationToken cancellationToken) =>
        new(
            State,
            await deliveries.CountAsync(cancellationToken),
            await deliveries.ListAsync(new DeliveryQuery { State = State }, cancellationToken));
}
