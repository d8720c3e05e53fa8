namespace Polls.Creating;

/// <summary>What makes a poll: turns a form into a poll to be created, or says what is wrong with each field.</summary>
internal static class PollRules
{
    public const int MaxQuestionLength = 200;
    public const int MaxOptionLength = 100;
    public const int MinOptions = 2;
    public const int MaxOptions = 6;

    /// <param name="form">What was typed.</param>
    /// <param name="addError">Called with a field of the form and what to do about it.</param>
    /// <returns>Null if there was an error.</returns>
    public static NewPoll? Check(PollForm form, Action<string, string> addError)
    {
        var errors = 0;
        var question = CheckQuestion(form.Question, Refuse);
        var topic = form.TopicId;
        if (topic is null)
        {
            Refuse(nameof(form.TopicId), "Choose a topic.");
        }

        var options = CheckOptions(form.Options, Refuse);
        return errors == 0 ? new NewPoll(topic!.Value, question, options) : null;

        void Refuse(string field, string message)
        {
            errors++;
            addError(field, message);
        }
    }

    private static string CheckQuestion(string? typed, Action<string, string> refuse)
    {
        var question = typed?.Trim() ?? "";
        if (question.Length == 0)
        {
            refuse(nameof(PollForm.Question), "Ask a question.");
        }
        else if (question.Length > MaxQuestionLength)
        {
            refuse(nameof(PollForm.Question), $"The question has {question.Length} characters. Shorten it to {MaxQuestionLength}.");
        }

        return question;
    }

    private static List<string> CheckOptions(IList<string?> typed, Action<string, string> refuse)
    {
        var options = new List<string>();
        for (var index = 0; index < typed.Count; index++)
        {
            var field = $"{nameof(PollForm.Options)}[{index}]";
            var option = typed[index]?.Trim() ?? "";
            if (option.Length > MaxOptionLength)
            {
                refuse(field, $"This option has {option.Length} characters. Shorten it to {MaxOptionLength}.");
            }
            else if (options.Contains(option, StringComparer.OrdinalIgnoreCase))
            {
                refuse(field, "This option is there already. Give each one only once.");
            }
            else if (option.Length > 0)
            {
                options.Add(option);
            }
        }

        if (options.Count is < MinOptions or > MaxOptions)
        {
            refuse(nameof(PollForm.Options), $"Give {MinOptions} to {MaxOptions} options to choose from.");
        }

        return options;
    }
}
