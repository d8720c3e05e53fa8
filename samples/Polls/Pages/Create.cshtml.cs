using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Polls.Creating;
using Polls.Reading;

namespace Polls.Pages;

internal sealed class CreateModel(PollQueries queries, PollCreation creation) : PageModel
{
    /// <summary>An id that no topic has, offered so that one can watch a commit fail.</summary>
    public const long DeletedTopic = 999;

    [BindProperty]
    public PollForm Form { get; set; } = new();

    public IReadOnlyList<Topic> Topics { get; private set; } = [];

    public string Problem { get; private set; } = "The poll was not created. Mend what is marked below.";

    public async Task OnGetAsync(CancellationToken cancellationToken) => Topics = await queries.TopicsAsync(cancellationToken);

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var poll = PollRules.Check(Form, (field, message) => ModelState.TryAddModelError($"{nameof(Form)}.{field}", message));
        if (poll is null || !ModelState.IsValid)
        {
            return await RefuseAsync(cancellationToken);
        }

        try
        {
            var id = await creation.CreateAsync(poll, cancellationToken);
            TempData["Notice"] = "The poll is created.";
            return RedirectToPage("/Poll", new { id });
        }
        catch (UnknownTopicException exception)
        {
            Problem = exception.Message;
            ModelState.AddModelError($"{nameof(Form)}.{nameof(Form.TopicId)}", "Choose another topic.");
            return await RefuseAsync(cancellationToken);
        }
    }

    private async Task<PageResult> RefuseAsync(CancellationToken cancellationToken)
    {
        Topics = await queries.TopicsAsync(cancellationToken);
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return Page();
    }
}
