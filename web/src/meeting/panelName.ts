/** The panes beside the stage. */
export type PanelName = 'chat' | 'notes' | 'people'
