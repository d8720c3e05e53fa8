using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Polls.Reading;

namespace Polls.Pages;

internal sealed class IndexModel(PollQueries queries) : PageModel
{
    private const int PageSize = 20;

    [BindProperty(SupportsGet = true)]
    public Guid? Before { get; set; }

    public IReadOnlyList<PollSummary> Polls { get; private set; } = [];

    /// <summary>Where the next page of older polls begins; null if this is the last one.</summary>
    public Guid? Older { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var found = await queries.NewestAsync(Before, PageSize + 1, cancellationToken);
        Polls = [.. found.Take(PageSize)];
        Older = found.Count > PageSize ? Polls[^1].Id : null;
    }
}
