using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.ServiceDefaults.Schemas;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.Rendering;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Prompting;

/// <summary>Renders a version's prompt with variables that fit its variables schema.</summary>
internal sealed class RenderPrompt(GetSkill getSkill, TemplateCache templates)
{
    public async Task<RenderPromptResponse> ExecuteAsync(RenderPromptRequest request, CallerContext caller, CancellationToken cancellationToken) =>
        Render(await getSkill.ExecuteAsync(request.SkillName, request.Version, caller, cancellationToken), request.Variables);

    /// <summary>Renders a version that is at hand.</summary>
    public RenderPromptResponse Render(Skill skill, Struct? given)
    {
        var variables = Variables(given);
        if (skill.VariablesSchema is { } schema && JsonSchemaValidator.Validate(schema.ToJsonObject(), variables) is { Count: > 0 } violations)
        {
            throw SkillErrors.VariablesInvalid(violations);
        }

        try
        {
            return new RenderPromptResponse
            {
                Prompt = templates.Prompt(skill).Render(variables),
                UserPrompt = templates.User(skill).Render(variables),
                Version = skill.Version,
                Digest = skill.Digest,
            };
        }
        catch (TemplateException exception)
        {
            throw SkillErrors.TemplateInvalid(exception.Variable.Length > 0 ? $"variables.{exception.Variable}" : "variables", exception);
        }
    }

    private static JsonObject Variables(Struct? given)
    {
        try
        {
            return given?.ToJsonObject() ?? [];
        }
        catch (FormatException exception)
        {
            throw SkillErrors.FieldInvalid(("variables", exception.Message));
        }
    }
}
