using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.ServiceDefaults.Canonical;
using Mainstay.ServiceDefaults.Schemas;
using Mainstay.Skills.Catalog;
using Mainstay.Skills.Index;
using Mainstay.Skills.Rendering;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Prompting;

/// <summary>Renders a version's prompt with variables that fit its variables schema.</summary>
internal sealed class RenderPrompt(GetSkill getSkill, VersionContents contents, ReadyPrompts prompts)
{
    public async Task<RenderPromptResponse> ExecuteAsync(RenderPromptRequest request, CallerContext caller, CancellationToken cancellationToken)
    {
        var version = await getSkill.FindAsync(request.SkillName, request.Version, caller, cancellationToken);
        var prompt = prompts.Find(version.Digest) ?? prompts.Of(await contents.ReadAsync(version, cancellationToken));
        return Render(prompt, request.Variables);
    }

    /// <summary>Renders a version that is at hand.</summary>
    public RenderPromptResponse Render(Skill skill, Struct? given) => Render(prompts.Of(skill), given);

    private static RenderPromptResponse Render(ReadyPrompt prompt, Struct? given)
    {
        var variables = Variables(given);
        if (prompt.VariablesSchema is { } schema && JsonSchemaValidator.Validate(schema, JsonSerializer.SerializeToElement(variables)) is { Count: > 0 } violations)
        {
            throw SkillErrors.VariablesInvalid(violations);
        }

        try
        {
            return new RenderPromptResponse
            {
                Prompt = prompt.Prompt.Render(variables),
                UserPrompt = prompt.User?.Render(variables) ?? "",
                Version = prompt.Version,
                Digest = prompt.Digest,
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
