using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Polls.ExternalApi;

namespace Polls.Pages;

internal sealed class ExternalApiModel(PretendApi api) : PageModel
{
    [BindProperty]
    public PretendApiMode Mode { get; set; }

    public long Refused => api.Refused;

    public IReadOnlyList<ReceivedNotification> Received { get; private set; } = [];

    public void OnGet()
    {
        Mode = api.Mode;
        Received = api.Received();
    }

    public IActionResult OnPost()
    {
        if (!ModelState.IsValid)
        {
            return BadRequest();
        }

        api.Mode = Mode;
        TempData["Notice"] = Mode == PretendApiMode.Fails ? "The API fails from now on." : "The API works.";
        return RedirectToPage();
    }
}
