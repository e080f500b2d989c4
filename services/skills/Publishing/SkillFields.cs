using System.Text;
using System.Text.RegularExpressions;
using Mainstay.Skills.V1;
using Mainstay.Skills.Versions;

namespace Mainstay.Skills.Publishing;

/// <summary>What each field of a version must be.</summary>
internal static partial class SkillFields
{
    private const int MostTemplateBytes = 256 * 1024;
    private const int MostTools = 256;
    private const int MostTags = 32;
    private const int MostExamples = 64;
    private const int MostOutputTokens = 1_000_000;
    private const int MostRetries = 20;

    // As many digits as the stored order of versions has.
    private const long HighestNumber = 9_999_999_999;

    /// <summary>Every field that is not valid, and what it must be.</summary>
    public static IEnumerable<(string Field, string Description)> Violations(Skill skill) =>
        IdentityViolations(skill).Concat(TextViolations(skill)).Concat(ToolViolations(skill)).Concat(TagViolations(skill))
            .Concat(ExampleViolations(skill)).Concat(ExecutionViolations(skill.ExecutionConfig));

    private static IEnumerable<(string Field, string Description)> IdentityViolations(Skill skill)
    {
        if (!SkillName().IsMatch(skill.SkillName))
        {
            yield return ("skill.skill_name", "must be 3 to 64 characters of [a-z0-9-], beginning with a letter");
        }

        if (!IsVersion(skill.Version))
        {
            yield return ("skill.version", "must be a semantic version such as 1.4.0, of at most 64 characters");
        }
    }

    private static bool IsVersion(string text) =>
        text.Length <= 64 && text.Length > 0 && char.IsAsciiDigit(text[0]) && !text.Any(char.IsWhiteSpace)
        && SemanticVersion.TryParse(text, out var version)
        && version is { Major: <= HighestNumber, Minor: <= HighestNumber, Patch: <= HighestNumber };

    private static IEnumerable<(string Field, string Description)> TextViolations(Skill skill)
    {
        foreach (var (field, text, most) in ((string, string, int)[])
            [("description", skill.Description, 1024), ("owner", skill.Owner, 128), ("changelog", skill.Changelog, 16384)])
        {
            if (text.Length > most)
            {
                yield return ($"skill.{field}", $"must be at most {most} characters");
            }
        }

        if (skill.PromptTemplate.Length == 0 || Encoding.UTF8.GetByteCount(skill.PromptTemplate) > MostTemplateBytes)
        {
            yield return ("skill.prompt_template", "must be 1 byte to 256 KiB of UTF-8");
        }

        if (Encoding.UTF8.GetByteCount(skill.UserTemplate) > MostTemplateBytes)
        {
            yield return ("skill.user_template", "must be at most 256 KiB of UTF-8");
        }
    }

    private static IEnumerable<(string Field, string Description)> ToolViolations(Skill skill)
    {
        if (skill.AllowedTools.Count > MostTools)
        {
            yield return ("skill.allowed_tools", $"must be at most {MostTools} tools");
        }

        for (var i = 0; i < Math.Min(skill.AllowedTools.Count, MostTools); i++)
        {
            if (!ToolName().IsMatch(skill.AllowedTools[i]))
            {
                yield return ($"skill.allowed_tools[{i}]", "must be \"connector.tool\" or \"connector.*\"");
            }
        }
    }

    private static IEnumerable<(string Field, string Description)> TagViolations(Skill skill)
    {
        if (skill.Tags.Count > MostTags)
        {
            yield return ("skill.tags", $"must be at most {MostTags} tags");
        }

        for (var i = 0; i < Math.Min(skill.Tags.Count, MostTags); i++)
        {
            if (!Tag().IsMatch(skill.Tags[i]) || skill.Tags.IndexOf(skill.Tags[i]) < i)
            {
                yield return ($"skill.tags[{i}]", "must be 1 to 64 characters of [a-z0-9-], and there once");
            }
        }
    }

    private static IEnumerable<(string Field, string Description)> ExampleViolations(Skill skill)
    {
        if (skill.Examples.Count > MostExamples)
        {
            yield return ("skill.examples", $"must be at most {MostExamples} examples");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(skill.Examples.Count, MostExamples); i++)
        {
            var example = skill.Examples[i];
            if (example.Name.Length is 0 or > 64 || !names.Add(example.Name))
            {
                yield return ($"skill.examples[{i}].name", "must be 1 to 64 characters, and no other example's");
            }

            if (example is { ExpectedOutput: null, Scoring: ExampleScoring.Exact or ExampleScoring.Contains or ExampleScoring.Judge })
            {
                yield return ($"skill.examples[{i}].expected_output", "is missing, and the scoring needs it");
            }

            if (!Enum.IsDefined(example.Scoring))
            {
                yield return ($"skill.examples[{i}].scoring", "must be one of the known scorings");
            }
        }
    }

    private static IEnumerable<(string Field, string Description)> ExecutionViolations(ExecutionConfig? config)
    {
        if (config is { HasTemperature: true, Temperature: not (>= 0 and <= 2) })
        {
            yield return ("skill.execution_config.temperature", "must be 0 to 2");
        }

        if (config is { MaxIterations: < 0 or > 1000 })
        {
            yield return ("skill.execution_config.max_iterations", "must be 1 to 1000, or 0 to leave the choice to the agent");
        }

        if (config is { MaxOutputTokens: < 0 or > MostOutputTokens })
        {
            yield return ("skill.execution_config.max_output_tokens", $"must be 1 to {MostOutputTokens}, or 0 to leave the choice to the model route");
        }

        if (config is { MaxTotalTokens: < 0 })
        {
            yield return ("skill.execution_config.max_total_tokens", "must be more than nothing, or 0 for no limit");
        }

        if (config is { BudgetMicroUsd: < 0 })
        {
            yield return ("skill.execution_config.budget_micro_usd", "must be more than nothing, or 0 to leave the choice to the agent");
        }

        if (config is { MaxRetries: < 0 or > MostRetries })
        {
            yield return ("skill.execution_config.max_retries", $"must be 0 to {MostRetries}");
        }

        if (config?.Timeout is { } timeout && timeout.ToTimeSpan() <= TimeSpan.Zero)
        {
            yield return ("skill.execution_config.timeout", "must be more than nothing");
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{2,63}$")]
    private static partial Regex SkillName();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\.(\*|[A-Za-z0-9_.-]{1,128})$")]
    private static partial Regex ToolName();

    [GeneratedRegex("^[a-z0-9-]{1,64}$")]
    private static partial Regex Tag();
}
