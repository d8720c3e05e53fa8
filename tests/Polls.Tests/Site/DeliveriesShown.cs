using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Polls.Tests.Site;

/// <summary>What the page of the events shows.</summary>
internal sealed partial record DeliveriesShown(IReadOnlyDictionary<string, int> Counts, IReadOnlyList<DeliveryShown> Rows)
{
    public bool NothingIsOpen => Counts["scheduled"] + Counts["ready"] + Counts["leased"] == 0;

    public static DeliveriesShown Parse(string html) =>
        new(
            Count().Matches(html).ToDictionary(match => match.Groups[1].Value, match => int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)),
            [.. Row().Matches(html).Select(ParseRow)]);

    private static DeliveryShown ParseRow(Match row)
    {
        var cells = Cell().Matches(row.Groups[1].Value).Select(cell => Tag().Replace(cell.Groups[1].Value, "").Trim()).ToList();
        return new DeliveryShown(
            int.Parse(cells[0], CultureInfo.InvariantCulture),
            cells[1],
            cells[2],
            cells[3],
            int.Parse(cells[4], CultureInfo.InvariantCulture),
            WebUtility.HtmlDecode(row.Groups[2].Value));
    }

    [GeneratedRegex("""id="state-([a-z]+)".*?<b>(\d+)</b>""", RegexOptions.Singleline)]
    private static partial Regex Count();

    [GeneratedRegex("""<tr>(\s*<td class="number">.*?)</tr>(?:\s*<tr class="reason">.*?<summary>(.*?)</summary>)?""", RegexOptions.Singleline)]
    private static partial Regex Row();

    [GeneratedRegex("<td[^>]*>(.*?)</td>", RegexOptions.Singleline)]
    private static partial Regex Cell();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();
}

internal sealed record DeliveryShown(int Id, string Event, string Listener, string State, int Attempts, string Error);
