export interface RuleState {
  rule: 'ruleLength' | 'ruleLetter' | 'ruleSpecial'
  met: boolean
}

/**
 * The server's usual password rule, line by line. It only guides: the server decides, and its policy may be set
 * otherwise, so a form never refuses to send because of it.
 */
export function passwordRules(password: string): RuleState[] {
  const length = [...password.normalize('NFC')].length
  return [
    { rule: 'ruleLength', met: length >= 8 && length <= 12 },
    { rule: 'ruleLetter', met: /\p{L}/u.test(password) },
    { rule: 'ruleSpecial', met: /[^\p{L}\p{N}\s]/u.test(password) },
  ]
}
