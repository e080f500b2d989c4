using Mainstay.ServiceDefaults.Authentication;

namespace Mainstay.Skills.Access;

/// <summary>The scopes that the registry asks for; the one for publishing holds the others.</summary>
internal static class SkillScopes
{
    /// <summary>Registers drafts.</summary>
    public const string Draft = "skills:draft";

    /// <summary>Publishes, deprecates and withdraws versions and says who may see them.</summary>
    public const string Publish = "skills:publish";

    /// <summary>Moves aliases.</summary>
    public const string Alias = "skills:alias";

    /// <summary>Refuses a caller that holds neither the scope nor the one for publishing.</summary>
    public static void Require(this CallerContext caller, string scope)
    {
        if (!caller.HasScope(scope) && !caller.HasScope(Publish))
        {
            throw SkillErrors.ScopeMissing(scope);
        }
    }
}
