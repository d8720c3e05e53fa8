using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Polls.Pages;

[IgnoreAntiforgeryToken]
internal sealed class ErrorModel : PageModel
{
    [BindProperty(SupportsGet = true)]
    public int Status { get; set; } = StatusCodes.Status500InternalServerError;

    public string Title => Status switch
    {
        StatusCodes.Status404NotFound => "Not found",
        < StatusCodes.Status500InternalServerError => "That did not work",
        _ => "Something went wrong",
    };

    public string Advice => Status switch
    {
        StatusCodes.Status404NotFound => "There is no such page or poll.",
        < StatusCodes.Status500InternalServerError => "The site did not understand the request. Go back, reload the page and try again.",
        _ => "Nothing was saved. The reason is in the log of the site.",
    };

    public void OnGet()
    {
    }

    public void OnPost()
    {
    }
}
