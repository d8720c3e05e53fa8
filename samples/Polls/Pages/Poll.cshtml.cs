using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Polls.Reading;
using Polls.Voting;

namespace Polls.Pages;

internal sealed class PollModel(PollQueries queries, VoteCasting voting) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public PollResults Results { get; private set; } = null!;

    /// <summary>By a cookie: good enough to keep honest people from voting twice.</summary>
    public bool HasVoted => Request.Cookies.ContainsKey(Cookie);

    private string Cookie => $"voted-{Id:N}";

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken) => await ShowAsync(cancellationToken);

    public async Task<IActionResult> OnPostAsync(int? position, CancellationToken cancellationToken)
    {
        if (!HasVoted)
        {
            if (position is null || !await voting.CastAsync(Id, position.Value, cancellationToken))
            {
                ModelState.Clear();
                ModelState.AddModelError("position", "Choose one of the options.");
                Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
                return await ShowAsync(cancellationToken);
            }

            Response.Cookies.Append(Cookie, "1", new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, MaxAge = TimeSpan.FromDays(365) });
        }

        return RedirectToPage(new { Id });
    }

    private async Task<IActionResult> ShowAsync(CancellationToken cancellationToken)
    {
        if (await queries.FindAsync(Id, cancellationToken) is not { } results)
        {
            return NotFound();
        }

        Results = results;
        return Page();
    }
}
