using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.ServiceDefaults.Schemas;
using Mainstay.Skills.Prompting;
using Mainstay.Skills.Rendering;
using Mainstay.Skills.V1;
using NuGet.Versioning;

namespace Mainstay.Skills.Publishing;

/// <summary>A skill version that has been checked and may be published.</summary>
internal sealed partial record SkillDraft(Skill Skill, SemanticVersion Version, string Digest)
{
    private const int MostPromptBytes = 256 * 1024;
    private const int MostDescriptionCharacters = 1024;
    private const int MostTools = 256;

    /// <summary>Checks a version and takes its digest; refuses with every field that is not valid.</summary>
    public static SkillDraft From(Skill? skill)
    {
        if (skill is null)
        {
            throw SkillErrors.FieldInvalid(("skill", "is missing"));
        }

        var violations = Violations(skill).ToArray();
        if (violations.Length > 0)
        {
            throw SkillErrors.FieldInvalid(violations);
        }

        CheckTemplate(skill.PromptTemplate);
        CheckSchema("skill.output_schema", skill.OutputSchema);
        CheckSchema("skill.variables_schema", skill.VariablesSchema);

        // What the registry sets itself is no part of the content.
        var content = skill.Clone();
        content.Digest = "";
        content.Publisher = "";
        content.PublishTime = null;
        var digest = CanonicalJson.Digest(JsonNode.Parse(JsonFormatter.Default.Format(content)));
        return new SkillDraft(content, SemanticVersion.Parse(skill.Version), digest);
    }

    private static void CheckTemplate(string template)
    {
        try
        {
            PromptTemplate.Parse(template);
        }
        catch (TemplateException exception)
        {
            throw SkillErrors.TemplateInvalid("skill.prompt_template", exception);
        }
    }

    private static void CheckSchema(string field, Struct? schema)
    {
        if (schema is not null && JsonSchemaValidator.CheckSchema(schema.ToJsonObject()) is { Count: > 0 } violations)
        {
            throw SkillErrors.SchemaInvalid(field, violations);
        }
    }

    private static IEnumerable<(string Field, string Description)> Violations(Skill skill)
    {
        if (!SkillName().IsMatch(skill.SkillName))
        {
            yield return ("skill.skill_name", "must be 3 to 64 characters of [a-z0-9-], beginning with a letter");
        }

        if (skill.Version.Length > 64 || !SemanticVersion.TryParse(skill.Version, out _))
        {
            yield return ("skill.version", "must be a semantic version such as 1.4.0, of at most 64 characters");
        }

        if (skill.Description.Length > MostDescriptionCharacters)
        {
            yield return ("skill.description", $"must be at most {MostDescriptionCharacters} characters");
        }

        if (skill.PromptTemplate.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(skill.PromptTemplate) > MostPromptBytes)
        {
            yield return ("skill.prompt_template", "must be 1 byte to 256 KiB of UTF-8");
        }

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

        foreach (var violation in ExecutionViolations(skill.ExecutionConfig))
        {
            yield return violation;
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

        if (config?.Timeout is { } timeout && timeout.ToTimeSpan() <= TimeSpan.Zero)
        {
            yield return ("skill.execution_config.timeout", "must be more than nothing");
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{2,63}$")]
    private static partial Regex SkillName();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\.(\*|[A-Za-z0-9_.-]{1,128})$")]
    private static partial Regex ToolName();
}
