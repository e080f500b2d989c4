namespace Mainstay.Demo;

/// <summary>Which model plays the agent: a real one when a key or an address is in the environment, else the rehearsal.</summary>
internal sealed record ModelChoice(string Description, bool IsRehearsal)
{
    /// <summary>Chooses, and sets the route accordingly. <c>OPENAI_BASE_URL</c> and <c>OPENAI_MODEL</c> may name another endpoint and model.</summary>
    public static ModelChoice From(Func<string, string?> environment, Dictionary<string, string> settings)
    {
        var key = environment("OPENAI_API_KEY");
        var address = environment("OPENAI_BASE_URL");
        if (string.IsNullOrEmpty(key) && string.IsNullOrEmpty(address))
        {
            return new ModelChoice("the rehearsal script (set OPENAI_API_KEY to use a model)", true);
        }

        var model = environment("OPENAI_MODEL") is { Length: > 0 } named ? named : "gpt-4.1-mini";
        settings["llm:routes:0:provider"] = "openai";
        settings["llm:routes:0:upstream_model"] = model;
        return new ModelChoice($"{model} at {(string.IsNullOrEmpty(address) ? "OpenAI" : address)}", false);
    }
}
