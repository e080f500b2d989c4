using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.ServiceDefaults.Schemas;
using Mainstay.Skills.Prompting;
using Mainstay.Skills.Rendering;
using Mainstay.Skills.V1;
using Mainstay.Skills.Versions;

namespace Mainstay.Skills.Publishing;

/// <summary>A version that has been checked and may be stored, without what the registry sets itself.</summary>
internal sealed record SkillContent(Skill Skill, SemanticVersion Version, string Digest)
{
    /// <summary>Checks a version and takes its digest; refuses with every field that is not valid.</summary>
    public static SkillContent From(Skill? skill)
    {
        if (skill is null)
        {
            throw SkillErrors.FieldInvalid(("skill", "is missing"));
        }

        var violations = SkillFields.Violations(skill).ToArray();
        if (violations.Length > 0)
        {
            throw SkillErrors.FieldInvalid(violations);
        }

        CheckTemplate("skill.prompt_template", skill.PromptTemplate);
        CheckTemplate("skill.user_template", skill.UserTemplate);
        CheckSchema("skill.output_schema", skill.OutputSchema);
        CheckSchema("skill.variables_schema", skill.VariablesSchema);
        ExampleFields.Check(skill);

        var content = Stripped(skill);
        return new SkillContent(content, SemanticVersion.Parse(skill.Version), CanonicalJson.Digest(JsonNode.Parse(JsonFormatter.Default.Format(content))));
    }

    /// <summary>The version without what the registry sets itself: what its digest is of.</summary>
    public static Skill Stripped(Skill skill)
    {
        var content = skill.Clone();
        content.Digest = "";
        content.Publisher = "";
        content.PublishTime = null;
        content.State = SkillState.Unspecified;
        content.StateReason = "";
        content.StateTime = null;
        content.StateAuthor = "";
        return content;
    }

    private static void CheckTemplate(string field, string template)
    {
        try
        {
            PromptTemplate.Parse(template);
        }
        catch (TemplateException exception)
        {
            throw SkillErrors.TemplateInvalid(field, exception);
        }
    }

    private static void CheckSchema(string field, Struct? schema)
    {
        if (schema is not null && JsonSchemaValidator.CheckSchema(schema.ToJsonObject()) is { Count: > 0 } violations)
        {
            throw SkillErrors.SchemaInvalid(field, violations);
        }
    }
}
