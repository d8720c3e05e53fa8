using Carillon.Caching;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.OutputCaching;
using Polls.Reading;

namespace Polls.Pages;

/// <summary>The results to look at and to link to: no form, no cookie, so that one answer is everybody's until somebody votes.</summary>
/// <remarks>It ends by itself as well: an answer that was on its way while somebody voted may be put into the cache after it.</remarks>
[OutputCache(Duration = 60)]
internal sealed class ResultsModel(PollQueries queries) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public PollResults Results { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        // The tag that VoteCast names: the answer is forgotten with the commit of the next vote.
        HttpContext.Features.Get<IOutputCacheFeature>()?.Context.Tags.Add(CacheTag.Of($"poll:{Id}"));
        if (await queries.FindAsync(Id, cancellationToken) is not { } results)
        {
            return NotFound();
        }

        Results = results;
        return Page();
    }
}
